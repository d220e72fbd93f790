// POST /v1/preview, GET /v1/templates.
#include "adapters/http/api/preview.hpp"

#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"
#include "message/money/money_text.hpp"
#include "message/phone/region.hpp"

namespace postrider::adapters::http {
namespace {

Json count_json(const message::SegmentCount& count) {
  return {{"encoding", domain::name(count.encoding)}, {"segments", count.segments}};
}

Json sms_json(const message::Replaced& sms) {
  Json json{{"text", sms.text},
            {"encoding", domain::name(sms.count.encoding)},
            {"segments", sms.count.segments},
            {"units", sms.count.units},
            {"parts", message::split_segments(sms.text)},
            {"replaced", Json::array()},
            {"original", count_json(sms.plain)}};
  for (const auto& [from, to] : sms.replaced)
    json["replaced"].push_back({{"from", from}, {"to", to}});
  return json;
}

/// Adds the highest price that the carrier may bill for the SMS; null where it is not known, and
/// then no SMS is sent to that country.
void add_price(Json& sms, const message::Composer& composer, std::string_view currency,
               std::string_view country, int segments) {
  const auto quote = country.empty() ? message::Quote{} : composer.quote(country, segments);
  const auto& part = quote.part;
  sms["price"] = part ? Json(message::print_money(quote.price)) : Json(nullptr);
  sms["price_per_part"] = part ? Json(message::print_money(part->per_part)) : Json(nullptr);
  sms["currency"] = currency;
  sms["price_date"] = part ? or_null(part->date) : Json(nullptr);
  sms["price_source"] = part ? or_null(part->source) : Json(nullptr);
  sms["reason"] = or_null(domain::code(quote.refused));
}

Response preview_call(const Services& services, const Call& call) {
  if (media_of(call.request.head.field("Content-Type")) != Media::json)
    return unsupported_media("send application/json");
  return preview(services.composer, services.currency, call.request.body);
}

Response list_templates(const Services& services) {
  Json list = Json::array();
  for (const auto& t : services.composer.templates())
    list.push_back({{"locale", t.patterns.locale},
                    {"status", t.patterns.status},
                    {"version", t.version},
                    {"from", t.own ? "shop" : "built-in"},
                    {"sms", t.patterns.sms},
                    {"sms_with_link", or_null(t.patterns.sms_with_link)},
                    {"subject", t.patterns.subject},
                    {"email", or_null(t.patterns.email)},
                    {"email_with_link", or_null(t.patterns.email_with_link)}});
  return json_answer(200, dump({{"templates", std::move(list)}}));
}

}  // namespace

Response preview(const message::Composer& composer, std::string_view currency,
                 std::string_view body) {
  // A deeper document is no valid request, and dump() would need a stack as deep as the document.
  constexpr int max_depth = 16;
  bool too_deep = false;
  auto request = Json::parse(
      body,
      [&](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > max_depth;
        return !too_deep;
      },
      false);
  if (too_deep || !request.is_object())
    return refuse({.status = 400,
                   .code = "malformed",
                   .hint = "the body must be a JSON object such as {\"status\": \"shipped\", "
                           "\"locale\": \"de\", \"country\": \"DE\"}"});
  std::string country;
  if (const auto given = request.find("country"); given != request.end()) {
    const auto code =
        given->is_string() ? message::region_of(given->get<std::string>()) : std::nullopt;
    if (!code)
      return refuse({.status = 422,
                     .code = "invalid_region",
                     .hint = "country must be a country such as \"DE\" (ISO 3166)",
                     .pointer = "/country"});
    country = *code;
    request.erase(given);
  }
  for (const char* needed : {"order_id", "customer_id"})
    if (!request.contains(needed)) request[needed] = "1001";
  auto event = thread_reader().order_event(request.dump());
  if (const auto* error = std::get_if<message::FieldError>(&event)) return refuse(*error);
  const auto& order = std::get<domain::OrderEvent>(event);
  const auto composed = composer.compose(order, order.locale);
  if (!composed)
    return refuse({.status = 422,
                   .code = "template_value_missing",
                   .hint = "the template for this status needs a value under \"data\": " +
                           composed.error().what,
                   .pointer = "/data"});
  auto sms = sms_json(composed->sms);
  add_price(sms, composer, currency, country, composed->sms.count.segments);
  return json_answer(
      200,
      dump({{"status", order.status},
            {"locale", composed->locale},
            {"template", composed->template_version},
            {"country", or_null(country)},
            {"sms", std::move(sms)},
            {"email", {{"subject", composed->email_subject}, {"text", composed->email_text}}}}));
}

void add_preview(Router& router, const Services& services) {
  router.add(Method::post, "/v1/preview", Access::key,
             [&services](const Call& call) { return preview_call(services, call); });
  router.add(Method::get, "/v1/templates", Access::key,
             [&services](const Call&) { return list_templates(services); });
}

}  // namespace postrider::adapters::http
