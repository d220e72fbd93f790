// POST /v1/receipts/{carrier}: delivery receipts, signed by the carrier.
#include "adapters/http/api/local_call.hpp"
#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"

namespace postrider::adapters::http {
namespace {

/// Logs the refusals for the operator. The answer has them too, but a provider may never read it.
void log_refused_receipts(const Services& services, const message::ReceiptBatch& batch) {
  services.telemetry.log(ports::Level::warning, "receipts_refused",
                         {{ports::Field::count, static_cast<std::int64_t>(batch.refused.size())},
                          {ports::Field::code, std::string_view{batch.refused.front().code}}});
}

Response take_receipts(const Services& services, const Call& call) {
  const auto source = services.receipt_sources.find(call.id);
  if (source == services.receipt_sources.end()) return not_found();
  if (!source->second.is_signed) {
    if (services.keys_needed()) return not_found();
    if (!call.request.head.loopback || !is_local_call(call.request.head)) return not_local();
  }
  const HeaderLookup headers = [&call](std::string_view name) {
    return call.request.head.field(name);
  };
  const auto parsed = source->second.parse(call.request.body, headers);
  if (std::holds_alternative<SignatureInvalid>(parsed)) return unauthorized();
  if (const auto* error = std::get_if<message::FieldError>(&parsed)) return refuse(*error);
  const auto& batch = std::get<message::ReceiptBatch>(parsed);
  if (!batch.refused.empty()) log_refused_receipts(services, batch);
  if (batch.receipts.empty() && !batch.refused.empty()) return refuse(batch.refused.front());
  const auto tracked = services.pipeline.tracker.apply(batch.receipts);
  if (!tracked) return refuse(tracked.error());
  Json refused = Json::array();
  for (const auto& error : batch.refused)
    refused.push_back({{"code", error.code}, {"pointer", error.pointer}, {"hint", error.hint}});
  return json_answer(200, dump({{"applied", tracked->applied},
                                {"noted", tracked->noted},
                                {"kept", tracked->kept},
                                {"refused", std::move(refused)}}));
}

}  // namespace

void add_receipts(Router& router, const Services& services) {
  router.add(Method::post, "/v1/receipts/{carrier}", Access::signed_body,
             [&services](const Call& call) { return take_receipts(services, call); });
}

}  // namespace postrider::adapters::http
