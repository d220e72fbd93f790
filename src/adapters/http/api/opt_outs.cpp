// GET, POST and DELETE /v1/opt-outs. The list is of the installation, not of one shop: who opted
// out gets SMS from none. It shows whole numbers, because a list of masked ones can't be used.
#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"
#include "message/phone/phone.hpp"

namespace postrider::adapters::http {
namespace {

using message::GivenNumber;

constexpr std::string_view path = "/v1/opt-outs";

Response wrong_field(std::string_view pointer, std::string_view code, std::string_view hint) {
  return refuse({.status = 422, .code = code, .hint = hint, .pointer = pointer});
}

/// {"phone", "region"?} from the body.
std::variant<GivenNumber, Response> given_in_body(const Call& call) {
  if (media_of(call.request.head.field("Content-Type")) != Media::json)
    return unsupported_media("send {\"phone\": …} as application/json");
  auto given = thread_reader().number(call.request.body);
  if (const auto* error = std::get_if<message::FieldError>(&given)) return refuse(*error);
  return std::get<GivenNumber>(std::move(given));
}

/// The number as E.164, or the refusal.
std::variant<std::string, Response> number_of(const Services& services, const GivenNumber& given) {
  if (given.phone.size() > domain::EventLimits::phone)
    return wrong_field("/phone", "too_long", "a phone number may have 64 bytes");
  const auto number = message::normalise_phone(
      given.phone, given.region.empty() ? services.default_region : given.region);
  if (!number.valid())
    return wrong_field("/phone", "invalid_phone",
                       "this is no phone number; write it with its country code");
  return number.e164;
}

std::optional<Response> note(const Services& services, const Call& call, std::string action,
                             const std::string& phone) {
  const ports::AuditEntry entry{services.clock.now(), call.key.name, std::move(action),
                                message::mask_phone(phone)};
  const auto noted = services.storage.audit.append(std::span{&entry, 1});
  if (!noted) return refuse(noted.error());
  return std::nullopt;
}

Response add(const Services& services, const Call& call) {
  const auto given = given_in_body(call);
  if (const auto* no = std::get_if<Response>(&given)) return *no;
  const auto number = number_of(services, std::get<GivenNumber>(given));
  if (const auto* no = std::get_if<Response>(&number)) return *no;
  const auto& phone = std::get<std::string>(number);
  const ports::OptOut entry{phone, "operator", services.clock.now()};
  const auto done = services.storage.customers.opt_out(std::span{&entry, 1});
  if (!done) return refuse(done.error());
  if (auto no = note(services, call, "opt_out.add", phone)) return *std::move(no);
  return json_answer(200, dump({{"phone", message::mask_phone(phone)}, {"opted_out", true}}));
}

/// The number is in the body, or in the query as `phone`.
Response remove(const Services& services, const Call& call) {
  std::variant<GivenNumber, Response> given = GivenNumber{};
  if (const auto* phone = call.query.find("phone")) {
    given = GivenNumber{*phone, {}};
    // In a query "+" means a blank, and a number in its international form is often left like that.
    auto& written = std::get<GivenNumber>(given).phone;
    if (written.starts_with(' ')) written.front() = '+';
  } else {
    given = given_in_body(call);
  }
  if (const auto* no = std::get_if<Response>(&given)) return *no;
  const auto number = number_of(services, std::get<GivenNumber>(given));
  if (const auto* no = std::get_if<Response>(&number)) return *no;
  const auto& phone = std::get<std::string>(number);
  const auto there = services.storage.customers.opt_in(phone);
  if (!there) return refuse(there.error());
  if (!*there) return not_found();
  if (auto no = note(services, call, "opt_out.remove", phone)) return *std::move(no);
  Response response;
  response.status = 204;
  return response;
}

Response list_opt_outs(const Services& services, const Call& call) {
  const auto wanted = page_request(call.query);
  if (const auto* no = std::get_if<Response>(&wanted)) return *no;
  const auto& [limit, cursor] = std::get<PageRequest>(wanted);
  const auto page = services.storage.customers.list_opt_outs(limit, cursor);
  if (!page) return refuse(page.error());
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
  router.add(Method::get, path, Access::live_key,
             [&services](const Call& call) { return list_opt_outs(services, call); });
  router.add(Method::post, path, Access::live_key,
             [&services](const Call& call) { return add(services, call); });
  router.add(Method::erase, path, Access::live_key,
             [&services](const Call& call) { return remove(services, call); });
}

}  // namespace postrider::adapters::http
