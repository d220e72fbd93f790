#include "pipeline/bulk_intake.hpp"

namespace postrider::pipeline {

void BulkIntake::add(message::JsonReader& reader, std::string_view document) {
  auto parsed = reader.order_event(document);
  if (auto* error = std::get_if<message::FieldError>(&parsed)) return refuse(std::move(*error));
  refusals_.emplace_back();
  events_.push_back({origin_, std::move(std::get<domain::OrderEvent>(parsed))});
}

void BulkIntake::refuse(message::FieldError error) { refusals_.emplace_back(std::move(error)); }

domain::Result<std::vector<IntakeOutcome>> BulkIntake::accept(
    OrderProcessor& orders, const Origin& origin, message::JsonReader& reader,
    std::span<const std::string> documents) {
  BulkIntake intake{origin};
  for (const auto& document : documents) intake.add(reader, document);
  const auto events = intake.take_events();
  if (events.empty()) return intake.merge(std::vector<IntakeOutcome>{});
  auto accepted = orders.accept(events);
  if (!accepted) return accepted.error();
  return intake.merge(std::move(*accepted));
}

}  // namespace postrider::pipeline
