#include "adapters/http/api/router.hpp"

#include <algorithm>

namespace postrider::adapters::http {
namespace {

/// The part of `path` that stands where the template has "{…}", still encoded. nullopt: the path
/// does not match.
std::optional<std::string_view> match(std::string_view pattern, std::string_view path) {
  const auto open = pattern.find('{');
  if (open == std::string_view::npos)
    return pattern == path ? std::optional{std::string_view{}} : std::nullopt;
  const auto before = pattern.substr(0, open);
  const auto after = pattern.substr(pattern.find('}') + 1);
  if (path.size() <= before.size() + after.size()) return std::nullopt;
  if (!path.starts_with(before) || !path.ends_with(after)) return std::nullopt;
  const auto id = path.substr(before.size(), path.size() - before.size() - after.size());
  if (id.find('/') != std::string_view::npos) return std::nullopt;
  return id;
}

bool iequals(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

Response bad_query() {
  return refuse(
      {.status = 400, .code = "bad_query", .hint = "a parameter is repeated or wrongly encoded"});
}

}  // namespace

Media media_of(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  while (content_type.ends_with(' ')) content_type.remove_suffix(1);
  if (content_type.empty()) return Media::none;
  if (iequals(content_type, "application/json")) return Media::json;
  if (iequals(content_type, "application/x-ndjson")) return Media::ndjson;
  return Media::other;
}

void Router::add(Method method, std::string_view path, Access access, CallHandler handler) {
  auto shared = std::make_shared<const CallHandler>(std::move(handler));
  add_choice(method, path, access,
             [shared, path](const Head& head, const KeyInfo& key, const std::string& id) -> Choice {
               auto query = parse_query(head.query);
               if (!query) return {path, bad_query()};
               return {path, BlockingHandler{
                                 [shared, key, id, query = std::move(*query)](Request& request) {
                                   const Call call{request, key, id, query};
                                   return (*shared)(call);
                                 }}};
             });
}

void Router::add_choice(Method method, std::string_view path, Access access, Choose choose) {
  routes_.push_back({method, path, access, std::move(choose)});
}

std::variant<Router::Match, Response> Router::find(const Head& head) const {
  const Method wanted = head.method == Method::head ? Method::get : head.method;
  std::string allow;
  for (const auto& route : routes_) {
    const auto raw = match(route.path, head.path);
    if (!raw) continue;
    if (route.method != wanted) {
      if (!allow.empty()) allow += ", ";
      allow += route.method == Method::get ? "GET, HEAD" : name(route.method);
      continue;
    }
    if (raw->empty()) return Match{&route, {}};
    auto id = percent_decode(*raw, false);
    if (!id) return not_found();
    return Match{&route, std::move(*id)};
  }
  return allow.empty() ? not_found() : method_not_allowed(std::move(allow));
}

}  // namespace postrider::adapters::http
