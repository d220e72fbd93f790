// GET /v1/notifications and /v1/notifications/{id}, and the functions that all lists share.
#include <charconv>

#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"

namespace postrider::adapters::http {
namespace {

constexpr int max_limit = 500;
constexpr int max_rounds = 20;  // pages read for one answer, where most records are invisible
constexpr std::size_t max_cursor = 256;
constexpr const char* bad_cursor = "cursor must be the next_cursor of an earlier answer";

Response bad_parameter(std::string_view hint) {
  return refuse({.status = 400, .code = "bad_parameter", .hint = hint});
}

std::variant<ports::Filter, Response> filter_of(const Query& query) {
  ports::Filter filter;
  for (const auto& [name, value] : query.all()) {
    if (name == "order_id") {
      filter.order_id = value;
    } else if (name == "customer_id") {
      filter.customer_id = value;
    } else if (name == "state") {
      filter.state = domain::parse_state(value);
      if (!filter.state)
        return bad_parameter("state must be a state of a notification such as delivered");
    } else if (name == "from" || name == "to") {
      auto& side = name == "from" ? filter.from : filter.to;
      side = message::parse_timestamp(value);
      if (!side) return bad_parameter("from and to are RFC 3339 times");
    } else if (name != "limit" && name != "cursor") {
      return bad_parameter(
          "the parameters are order_id, customer_id, state, from, to, limit, cursor");
    }
  }
  return filter;
}

Response get_notification(const Services& services, const Call& call) {
  const auto id = domain::parse_notification_id(call.id);
  if (!id) return not_found(no_such_notification);
  const auto details = services.storage.query.details(*id);
  if (!details) return refuse(details.error());
  if (!*details || !visible((*details)->notification, call.key))
    return not_found(no_such_notification);
  return json_answer(200, dump(record_json(**details)));
}

Response list_notifications(const Services& services, const Call& call) {
  const auto filter = filter_of(call.query);
  if (const auto* refusal = std::get_if<Response>(&filter)) return *refusal;
  const auto wanted = page_request(call.query);
  if (const auto* refusal = std::get_if<Response>(&wanted)) return *refusal;
  const auto& [limit, cursor] = std::get<PageRequest>(wanted);
  const auto page = visible_page(services.storage.query, std::get<ports::Filter>(filter), limit,
                                 cursor, call.key);
  if (!page) return refuse_page(page.error());
  Json json{{"notifications", Json::array()}};
  for (const auto& n : page->notifications) json["notifications"].push_back(record_json(n));
  json["next_cursor"] = page->next_cursor.empty() ? Json(nullptr) : Json(page->next_cursor);
  return json_answer(200, dump(json));
}

}  // namespace

bool visible(const domain::Notification& n, const KeyInfo& key) {
  return n.shop == key.shop && (key.mode == domain::Mode::live || n.mode == domain::Mode::test);
}

domain::Result<ports::Page> visible_page(ports::NotificationQuery& query,
                                         const ports::Filter& filter, int limit,
                                         const std::string& cursor, const KeyInfo& key) {
  ports::Page result;
  result.next_cursor = cursor;
  for (int round = 0; round < max_rounds; ++round) {
    const int missing = limit - static_cast<int>(result.notifications.size());
    auto page = query.list(filter, missing, result.next_cursor);
    if (!page) return page.error();
    for (auto& n : page->notifications)
      if (visible(n, key)) result.notifications.push_back(std::move(n));
    result.next_cursor = std::move(page->next_cursor);
    if (result.next_cursor.empty() || static_cast<int>(result.notifications.size()) >= limit) break;
  }
  return result;
}

std::variant<PageRequest, Response> page_request(const Query& query) {
  PageRequest page;
  if (const auto* text = query.find("limit")) {
    const auto* last = text->data() + text->size();
    const auto [end, error] = std::from_chars(text->data(), last, page.limit);
    if (error != std::errc{} || end != last || page.limit < 1 || page.limit > max_limit)
      return bad_parameter("limit is a number from 1 to 500");
  }
  if (const auto* text = query.find("cursor")) {
    if (text->size() > max_cursor) return bad_parameter(bad_cursor);
    page.cursor = *text;
  }
  return page;
}

Response refuse_page(const domain::Error& error) {
  return error.kind == domain::ErrorKind::invalid ? bad_parameter(bad_cursor) : refuse(error);
}

Response unsupported_media(std::string_view hint) {
  return refuse({.status = 415, .code = "unsupported_media_type", .hint = hint});
}

Response json_answer(unsigned status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

message::JsonReader& thread_reader() {
  static thread_local message::JsonReader reader;
  return reader;
}

void add_notifications(Router& router, const Services& services) {
  router.add(Method::get, "/v1/notifications/{id}", Access::key,
             [&services](const Call& call) { return get_notification(services, call); });
  router.add(Method::get, "/v1/notifications", Access::key,
             [&services](const Call& call) { return list_notifications(services, call); });
}

}  // namespace postrider::adapters::http
