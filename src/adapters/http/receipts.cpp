// POST /v1/receipts/{carrier}: delivery receipts, signed by the carrier.
#include "adapters/http/local_call.hpp"
#include "adapters/http/record_json.hpp"
#include "adapters/http/resources.hpp"

namespace postrider::adapters::http {
namespace {

Response take(const Services& services, const Call& call) {
  const auto source = services.receipt_sources.find(call.id);
  if (source == services.receipt_sources.end()) return not_found();
  if (!source->second.is_signed) {
    if (services.keys_needed()) return not_found();
    if (!call.request.head.loopback || !is_local_call(call.request.head)) return foreign_call();
  }
  const HeaderLookup headers = [&call](std::string_view name) {
    return call.request.head.field(name);
  };
  const auto parsed = source->second.parse(call.request.body, headers);
  if (std::holds_alternative<SignatureInvalid>(parsed)) return unauthorized();
  if (const auto* error = std::get_if<message::FieldError>(&parsed)) return refuse(*error);
  const auto tracked = services.tracker.apply(std::get<std::vector<domain::Receipt>>(parsed));
  if (!tracked) return refuse(tracked.error());
  return json_answer(
      200,
      dump({{"applied", tracked->applied}, {"noted", tracked->noted}, {"kept", tracked->kept}}));
}

}  // namespace

void add_receipts(Router& router, const Services& services) {
  router.add(Method::post, "/v1/receipts/{carrier}", Access::signed_body,
             [&services](const Call& call) { return take(services, call); });
}

}  // namespace postrider::adapters::http
