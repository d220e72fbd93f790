#include "adapters/aws/lambda/order_function.hpp"

#include <nlohmann/json.hpp>

#include "adapters/aws/lambda/events.hpp"

namespace postrider::adapters::aws::lambda {
namespace {

using Json = nlohmann::json;
using domain::State;
using message::FieldError;
using pipeline::Acceptance;
using ports::Field;
using ports::Level;

using Parsed = std::variant<domain::OrderEvent, FieldError>;

Parsed parse(const std::string& json) {
  if (json.size() > message::max_event_bytes)
    return FieldError{"too_long", "", "an order event of at most 256 KiB"};
  message::JsonReader reader;
  return reader.order_event(json);
}

void tell(ports::Telemetry& telemetry, const FieldError& error) {
  telemetry.log(Level::warning, "event_refused",
                {{Field::code, error.code}, {Field::path, error.pointer}});
}

struct Taken {
  std::vector<pipeline::IntakeOutcome> outcomes;  // one a document
};

/// A document that can't be read has its FieldError; all others go through the stage together.
domain::Result<Taken> take(pipeline::OrderProcessor& orders, const pipeline::Origin& origin,
                           const std::vector<std::string>& documents) {
  Taken taken;
  std::vector<pipeline::Incoming> batch;
  std::vector<std::size_t> owners;
  for (const auto& document : documents) {
    auto parsed = parse(document);
    if (auto* error = std::get_if<FieldError>(&parsed)) {
      taken.outcomes.emplace_back(std::move(*error));
      continue;
    }
    owners.push_back(taken.outcomes.size());
    taken.outcomes.emplace_back(Acceptance{});
    batch.push_back({origin, std::move(std::get<domain::OrderEvent>(parsed))});
  }
  if (batch.empty()) return taken;
  auto accepted = orders.accept(batch);
  if (!accepted) return accepted.error();
  for (std::size_t i = 0; i < owners.size(); ++i)
    taken.outcomes[owners[i]] = std::move((*accepted)[i]);
  return taken;
}

InvocationResult take_batch(pipeline::OrderProcessor& orders, const pipeline::Origin& origin,
                            const std::vector<SqsRecord>& records, const Context& context) {
  std::vector<std::string> failed;
  const auto work = [&](std::size_t first, std::size_t size) {
    std::vector<std::string> documents;
    for (auto i = first; i < first + size; ++i) documents.push_back(records[i].body);
    const auto taken = take(orders, origin, documents);
    if (!taken) {
      context.telemetry.log(Level::error, "store_failed", {{Field::reason, taken.error().what}});
      return false;
    }
    for (std::size_t i = 0; i < size; ++i)
      if (const auto* error = std::get_if<FieldError>(&taken->outcomes[i])) {
        tell(context.telemetry, *error);
        context.unreadable(records[first + i], *error);
        failed.push_back(records[first + i].message_id);  // ends in the dead-letter queue
      }
    return true;
  };
  const auto good = in_slices(records.size(), context.limit, work);
  context.report_out_of_time(records.size() - good);
  for (auto i = good; i < records.size(); ++i) failed.push_back(records[i].message_id);
  return batch_failures(failed);
}

std::string refusal(const FieldError& error) {
  const int status = error.code == "conflict" ? 409 : 400;
  const Json body{{"code", error.code}, {"pointer", error.pointer}, {"hint", error.hint}};
  return Json{{"statusCode", status},
              {"body", body.dump(-1, ' ', false, Json::error_handler_t::replace)}}
      .dump();
}

std::string acceptance(const Acceptance& taken) {
  const int status = taken.state == State::no_contact ? 400
                     : taken.state == State::deferred ? 202
                                                      : 200;
  const Json body{{"notification_id", domain::to_string(taken.id)},
                  {"state", domain::name(taken.state)},
                  {"duplicate", taken.duplicate}};
  return Json{{"statusCode", status}, {"body", body.dump()}}.dump();
}

}  // namespace

InvocationResult take_orders(pipeline::OrderProcessor& orders, const pipeline::Origin& origin,
                             const std::string& event, const Context& context) {
  if (const auto records = parse_sqs_event(event))
    return take_batch(orders, origin, *records, context);
  const auto detail = parse_event_detail(event);
  auto taken = take(orders, origin, {detail.value_or(event)});
  if (!taken) return InvocationError{"Postrider.StoreFailed", taken.error().what};
  const auto& outcome = taken->outcomes.front();
  if (const auto* error = std::get_if<FieldError>(&outcome)) {
    tell(context.telemetry, *error);
    if (!detail) return refusal(*error);
    return InvocationError{"Postrider.BadEvent",
                           error->code + " " + error->pointer + ": " + error->hint};
  }
  return acceptance(std::get<Acceptance>(outcome));
}

}  // namespace postrider::adapters::aws::lambda
