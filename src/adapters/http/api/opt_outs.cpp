// GET, POST and DELETE /v1/opt-outs. The list is that of the installation, because a number that
// opted out gets SMS from no shop. The list has whole numbers, because masked ones can't be used.
#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"
#include "message/phone/phone.hpp"

namespace postrider::adapters::http {
namespace {

using message::GivenNumber;

constexpr std::string_view opt_outs_path = "/v1/opt-outs";

Response wrong_field(std::string_view pointer, std::string_view code, std::string_view hint) {
  return refuse({.status = 422, .code = code, .hint = hint, .pointer = pointer});
}

/// The number in the body, {"phone", "region"?}, or the refusal.
std::variant<GivenNumber, Response> number_in_body(const Call& call) {
  if (media_of(call.request.head.field("Content-Type")) != Media::json)
    return unsupported_media("send {\"phone\": …} as application/json");
  auto given = thread_reader().number(call.request.body);
  if (const auto* error = std::get_if<message::FieldError>(&given)) return refuse(*error);
  return std::get<GivenNumber>(std::move(given));
}

/// The number in E.164, or the refusal.
std::variant<std::string, Response> e164_of(const Services& services, const GivenNumber& given) {
  if (given.phone.size() > domain::EventLimits::phone)
    return wrong_field("/phone", "too_long", "a phone number may have 64 bytes");
  const auto number = message::normalise_phone(
      given.phone, given.region.empty() ? services.default_region : given.region);
  if (!number.valid())
    return wrong_field("/phone", "invalid_phone",
                       "this is no phone number; write it with its country code");
  return number.e164;
}

std::optional<Response> append_audit(const Services& services, const Call& call, std::string action,
                                     const std::string& phone) {
  const ports::AuditEntry entry{services.clock.now(), call.key.name, std::move(action),
                                message::mask_phone(phone)};
  const auto audited = services.storage.audit.append(std::span{&entry, 1});
  if (!audited) return refuse(audited.error());
  return std::nullopt;
}

Response add_opt_out(const Services& services, const Call& call) {
  const auto given = number_in_body(call);
  if (const auto* refusal = std::get_if<Response>(&given)) return *refusal;
  const auto number = e164_of(services, std::get<GivenNumber>(given));
  if (const auto* refusal = std::get_if<Response>(&number)) return *refusal;
  const auto& phone = std::get<std::string>(number);
  const ports::OptOut entry{phone, "operator", services.clock.now()};
  const auto done = services.storage.customers.opt_out(std::span{&entry, 1});
  if (!done) return refuse(done.error());
  if (auto refusal = append_audit(services, call, "opt_out.add", phone)) return *std::move(refusal);
  return json_answer(200, dump({{"phone", message::mask_phone(phone)}, {"opted_out", true}}));
}

/// The number is in the body, or in the query as `phone`.
Response remove_opt_out(const Services& services, const Call& call) {
  std::variant<GivenNumber, Response> given = GivenNumber{};
  if (const auto* phone = call.query.find("phone")) {
    given = GivenNumber{*phone, {}};
    // In a query "+" means a blank, and clients often forget to encode the "+" of a number.
    auto& written = std::get<GivenNumber>(given).phone;
    if (written.starts_with(' ')) written.front() = '+';
  } else {
    given = number_in_body(call);
  }
  if (const auto* refusal = std::get_if<Response>(&given)) return *refusal;
  const auto number = e164_of(services, std::get<GivenNumber>(given));
  if (const auto* refusal = std::get_if<Response>(&number)) return *refusal;
  const auto& phone = std::get<std::string>(number);
  const auto was_opted_out = services.storage.customers.opt_in(phone, services.clock.now());
  if (!was_opted_out) return refuse(was_opted_out.error());
  if (!*was_opted_out) return not_found("this number is not opted out");
  if (auto refusal = append_audit(services, call, "opt_out.remove", phone))
    return *std::move(refusal);
  Response response;
  response.status = 204;
  return response;
}

Response list_opt_outs(const Services& services, const Call& call) {
  const auto wanted = page_request(call.query);
  if (const auto* refusal = std::get_if<Response>(&wanted)) return *refusal;
  const auto& [limit, cursor] = std::get<PageRequest>(wanted);
  const auto page = services.storage.customers.list_opt_outs(limit, cursor);
  if (!page) return refuse_page(page.error());
  Json json{{"opt_outs", Json::array()}};
  for (const auto& entry : *page)
    json["opt_outs"].push_back({{"phone", entry.phone},
                                {"source", entry.source},
                                {"at", message::format_timestamp(entry.at)}});
  const bool more = static_cast<int>(page->size()) == limit;
  json["next_cursor"] = more ? Json(page->back().phone) : Json(nullptr);
  return json_answer(200, dump(json));
}

}  // namespace

void add_opt_outs(Router& router, const Services& services) {
  router.add(Method::get, opt_outs_path, Access::live_key,
             [&services](const Call& call) { return list_opt_outs(services, call); });
  router.add(Method::post, opt_outs_path, Access::live_key,
             [&services](const Call& call) { return add_opt_out(services, call); });
  router.add(Method::erase, opt_outs_path, Access::live_key,
             [&services](const Call& call) { return remove_opt_out(services, call); });
}

}  // namespace postrider::adapters::http
