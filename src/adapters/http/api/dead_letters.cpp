// GET /v1/dead-letters, POST /v1/dead-letters/{id}/replay and …/discard.
#include "adapters/http/api/record_json.hpp"
#include "adapters/http/api/resources.hpp"

namespace postrider::adapters::http {
namespace {

Response list_dead(const Services& services, const Call& call) {
  const auto wanted = page_request(call.query);
  if (const auto* refusal = std::get_if<Response>(&wanted)) return *refusal;
  const auto& [limit, cursor] = std::get<PageRequest>(wanted);
  ports::Filter filter;
  filter.state = domain::State::dead;
  const auto page = visible_page(services.storage.query, filter, limit, cursor, call.key);
  if (!page) return refuse_page(page.error());
  Json json{{"dead_letters", Json::array()}};
  for (const auto& n : page->notifications) json["dead_letters"].push_back(record_json(n));
  json["next_cursor"] = page->next_cursor.empty() ? Json(nullptr) : Json(page->next_cursor);
  return json_answer(200, dump(json));
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
