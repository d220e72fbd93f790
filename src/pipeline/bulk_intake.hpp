// The intake of many documents at once, each with its own outcome: a document that can't be read
// keeps its error, all others go through the order processor together. For one thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "message/json/order_event_json.hpp"
#include "pipeline/order_processor.hpp"

namespace postrider::pipeline {

/// A batch of documents: read one by one, then accepted together.
class BulkIntake {
 public:
  /// `origin`: the shop and mode of the events.
  explicit BulkIntake(Origin origin) : origin_{std::move(origin)} {}

  /// Reads one document; the batch keeps the error of one that can't be read.
  void add(message::JsonReader& reader, std::string_view document);
  /// Adds a document that is refused unread.
  void refuse(message::FieldError error);

  /// The events of the documents that could be read, in order. To be called once.
  std::vector<Incoming> take_events() { return std::move(events_); }

  /// One outcome a document, in order. `outcomes`: those of take_events(), in order.
  template <class Outcome>
  std::vector<Outcome> merge(std::vector<Outcome> outcomes) {
    std::vector<Outcome> merged;
    merged.reserve(refusals_.size());
    auto next = outcomes.begin();
    for (auto& refusal : refusals_) {
      if (refusal) {
        merged.emplace_back(std::move(*refusal));
      } else {
        merged.push_back(std::move(*next++));
      }
    }
    return merged;
  }

  /// Reads documents, accepts their events and merges the outcomes. An Error: some events may be
  /// stored; the same documents again are safe.
  static domain::Result<std::vector<IntakeOutcome>> accept(OrderProcessor& orders,
                                                           const Origin& origin,
                                                           message::JsonReader& reader,
                                                           std::span<const std::string> documents);

 private:
  Origin origin_;
  std::vector<std::optional<message::FieldError>> refusals_;  // one a document
  std::vector<Incoming> events_;
};

}  // namespace postrider::pipeline
