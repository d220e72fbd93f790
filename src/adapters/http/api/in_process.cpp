#include "adapters/http/api/in_process.hpp"

#include "adapters/http/api/resources.hpp"

namespace postrider::adapters::http {
namespace {

Method method_of(std::string_view text) {
  for (const auto method : {Method::get, Method::post, Method::put, Method::erase})
    if (name(method) == text) return method;
  return Method::other;
}

}  // namespace

InProcessApi::InProcessApi(const Services& services) {
  add_notifications(router_, services);
  add_customers(router_, services);
  add_opt_outs(router_, services);
  add_dead_letters(router_, services);
  add_preview(router_, services);
  add_reports(router_, services);
}

Response InProcessApi::call(std::string_view method, std::string_view target, std::string body,
                            const KeyInfo& caller) const {
  boost::beast::http::fields fields;
  if (!body.empty()) fields.set("Content-Type", "application/json");
  const auto mark = std::min(target.find('?'), target.size());
  Request request;
  request.head = {method_of(method), target.substr(0, mark),
                  target.substr(std::min(mark + 1, target.size())), true, &fields};
  request.body = std::move(body);
  auto found = router_.find(request.head);
  if (auto* refusal = std::get_if<Response>(&found)) return std::move(*refusal);
  const auto& match = std::get<Router::Match>(found);
  auto choice = match.route->choose(request.head, caller, match.id);
  if (auto* refusal = std::get_if<Response>(&choice.action)) return std::move(*refusal);
  if (auto* handler = std::get_if<BlockingHandler>(&choice.action)) return (*handler)(request);
  return not_found();
}

}  // namespace postrider::adapters::http
