// The intake of many documents at once, each with its own outcome: what can't be read keeps its
// error, all others go through the order processor together.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "message/json/order_event_json.hpp"
#include "pipeline/order_processor.hpp"

namespace postrider::pipeline {

/// Documents on their way to become events: read one by one, then accepted as one batch.
class BulkIntake {
 public:
  /// `origin`: whose events they are.
  explicit BulkIntake(Origin origin) : origin_{std::move(origin)} {}

  /// Reads one document. What can't be read keeps its error.
  void add(message::JsonReader& reader, std::string_view document);
  /// One that is refused unread.
  void refuse(message::FieldError error);

  /// Of all that were added.
  std::size_t size() const { return refusals_.size(); }
  std::size_t refused() const { return refusals_.size() - events_.size(); }
  /// Those that could be read, in order.
  std::vector<Incoming> take_events() { return std::move(events_); }

  /// One outcome a document, in order: `outcomes` are those of the events.
  template <class Outcome>
  std::vector<Outcome> merge(std::vector<Outcome> outcomes) {
    std::vector<Outcome> all;
    all.reserve(refusals_.size());
    auto next = outcomes.begin();
    for (auto& refusal : refusals_) {
      if (refusal) {
        all.emplace_back(std::move(*refusal));
      } else {
        all.push_back(std::move(*next++));
      }
    }
    return all;
  }

  /// Reads, accepts and merges. An Error: nothing was stored.
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
