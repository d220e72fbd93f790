#include "adapters/aws/lambda/order_function.hpp"

#include <nlohmann/json.hpp>

#include "adapters/aws/lambda/events.hpp"
#include "pipeline/bulk_intake.hpp"

namespace postrider::adapters::aws::lambda {
namespace {

using Json = nlohmann::json;
using domain::State;
using message::FieldError;
using pipeline::Acceptance;
using ports::Field;
using ports::Level;

void log_refusal(ports::Telemetry& telemetry, const FieldError& error) {
  telemetry.log(Level::warning, "event_refused",
                {{Field::code, error.code}, {Field::path, error.pointer}});
}

InvocationResult take_batch(pipeline::OrderProcessor& orders, const pipeline::Origin& origin,
                            const std::vector<SqsRecord>& records, const Context& context) {
  message::JsonReader reader;
  std::vector<std::string> failed;
  const auto work = [&](std::size_t first, std::size_t size) {
    std::vector<std::string> documents;
    for (auto i = first; i < first + size; ++i) documents.push_back(records[i].body);
    const auto taken = pipeline::BulkIntake::accept(orders, origin, reader, documents);
    if (!taken) {
      context.telemetry.log(Level::error, "store_failed", {{Field::reason, taken.error().what}});
      return false;
    }
    for (std::size_t i = 0; i < size; ++i) {
      const auto* error = std::get_if<FieldError>(&(*taken)[i]);
      if (error != nullptr) {
        log_refusal(context.telemetry, *error);
        context.unreadable(records[first + i], *error);
      }
      if (error != nullptr || std::holds_alternative<ports::Unreadable>((*taken)[i]))
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
  const std::string document = detail.value_or(event);
  message::JsonReader reader;
  const auto taken = pipeline::BulkIntake::accept(orders, origin, reader, {&document, 1});
  if (!taken) return InvocationError{"Postrider.StoreFailed", taken.error().what};
  const auto& outcome = taken->front();
  if (const auto* error = std::get_if<FieldError>(&outcome)) {
    log_refusal(context.telemetry, *error);
    if (!detail) return refusal(*error);
    return InvocationError{"Postrider.BadEvent",
                           error->code + " " + error->pointer + ": " + error->hint};
  }
  if (std::holds_alternative<ports::Unreadable>(outcome))
    return InvocationError{"Postrider.Unreadable", "the event's record can't be read"};
  return acceptance(std::get<Acceptance>(outcome));
}

}  // namespace postrider::adapters::aws::lambda
