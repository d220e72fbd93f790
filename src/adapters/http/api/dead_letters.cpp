// GET /v1/dead-letters, POST /v1/dead-letters/{id}/replay and …/discard.
#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"

namespace postrider::adapters::http {
namespace {

// The cursors of bounced ones, which are listed behind the dead ones.
constexpr std::string_view bounced_mark = "bounced:";

Response list_dead(const Services& services, const Call& call) {
  const auto wanted = page_request(call.query);
  if (const auto* refusal = std::get_if<Response>(&wanted)) return *refusal;
  const auto& [limit, cursor] = std::get<PageRequest>(wanted);
  Json letters = Json::array();
  std::string at = cursor, next;
  for (const auto state : {domain::State::dead, domain::State::bounced}) {
    const bool bounced = state == domain::State::bounced;
    if (!bounced && at.starts_with(bounced_mark)) continue;
    if (bounced && at.starts_with(bounced_mark)) at.erase(0, bounced_mark.size());
    const int room = limit - static_cast<int>(letters.size());
    if (room == 0) {
      next = bounced_mark;
      break;
    }
    ports::Filter filter;
    filter.state = state;
    const auto page = visible_page(services.storage.query, filter, room, at, call.key);
    if (!page) return refuse_page(page.error());
    for (const auto& n : page->notifications) letters.push_back(record_json(n));
    next = page->next_cursor.empty() ? ""
                                     : std::string{bounced ? bounced_mark : ""} + page->next_cursor;
    if (!next.empty()) break;
    at.clear();
  }
  return json_answer(200, dump({{"dead_letters", std::move(letters)},
                                {"next_cursor", next.empty() ? Json(nullptr) : Json(next)}}));
}

Response act_on_dead_letter(const Services& services, const Call& call, bool replay) {
  const auto id = domain::parse_notification_id(call.id);
  if (!id) return not_found(no_such_notification);
  const auto details = services.storage.query.details(*id);
  if (!details) return refuse(details.error());
  if (!*details || !visible((*details)->notification, call.key))
    return not_found(no_such_notification);
  const auto outcome = replay ? services.pipeline.dead_letters.replay(*id, call.key.name)
                              : services.pipeline.dead_letters.discard(*id, call.key.name);
  if (!outcome) return refuse(outcome.error());
  if (std::holds_alternative<pipeline::NotFound>(*outcome)) return not_found(no_such_notification);
  if (std::holds_alternative<pipeline::NotDead>(*outcome))
    return refuse({.status = 409,
                   .code = "not_dead",
                   .hint = "this notification is not in the dead letters (any more)"});
  const auto state = std::get<domain::State>(*outcome);
  return json_answer(
      200, dump({{"notification_id", domain::to_string(*id)}, {"state", domain::name(state)}}));
}

}  // namespace

void add_dead_letters(Router& router, const Services& services) {
  router.add(Method::get, "/v1/dead-letters", Access::key,
             [&services](const Call& call) { return list_dead(services, call); });
  router.add(Method::post, "/v1/dead-letters/{id}/replay", Access::key,
             [&services](const Call& call) { return act_on_dead_letter(services, call, true); });
  router.add(Method::post, "/v1/dead-letters/{id}/discard", Access::key,
             [&services](const Call& call) { return act_on_dead_letter(services, call, false); });
}

}  // namespace postrider::adapters::http
