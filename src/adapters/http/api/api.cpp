#include "adapters/http/api/api.hpp"

#include <stdexcept>

#include "adapters/http/api/local_call.hpp"
#include "adapters/http/api/resources.hpp"

namespace postrider::adapters::http {
namespace {

constexpr int max_refusals_logged_a_second = 20;  // a flood of bad requests must not fill the disk

std::string_view bearer_of(const Head& head) {
  const auto value = head.field("Authorization");
  constexpr std::string_view scheme = "bearer ";
  if (value.size() <= scheme.size()) return {};
  for (std::size_t i = 0; i + 1 < scheme.size(); ++i)
    if ((value[i] | 0x20) != scheme[i]) return {};
  return value[scheme.size() - 1] == ' ' ? value.substr(scheme.size()) : std::string_view{};
}

Response live_key_needed() {
  return refuse({.status = 403,
                 .code = "live_key_needed",
                 .hint = "customers and opt-outs are of real people: use a live key; an event of a "
                         "test key may bring its `contact`"});
}

}  // namespace

Api::Api(const Services& services, Intake& intake, Server& server)
    : services_{services}, buckets_{services.requests_per_second, services.request_burst} {
  add_order_events(router_, services, intake, server);  // the hot path: the router finds it first
  add_notifications(router_, services);
  add_customers(router_, services);
  add_customer_lines(router_, services, server);
  add_opt_outs(router_, services);
  add_dead_letters(router_, services);
  add_receipts(router_, services);
  add_preview(router_, services);
  add_reports(router_, services);
  add_status(router_, services);
}

std::variant<KeyInfo, Response> Api::identify(const Head& head, Access access) const {
  const KeyInfo local{"local", services_.default_shop, domain::Mode::live};
  if (access == Access::open || access == Access::signed_body) return local;
  if (access == Access::open_on_loopback && head.loopback) return local;
  // A key is checked even where none is needed: a test key must never make live messages.
  if (const auto bearer = bearer_of(head); !bearer.empty() && services_.authenticate) {
    auto key = services_.authenticate(bearer);
    if (!key) return unauthorized();
    return *std::move(key);
  }
  if (services_.keys_needed() || !head.loopback) return unauthorized();
  if (!is_local_call(head)) return not_local();
  return local;
}

Choice Api::choose(const Head& head) {
  auto found = router_.find(head);
  if (auto* refusal = std::get_if<Response>(&found)) {
    // A caller without a key must not learn which paths exist.
    if (services_.keys_needed() && head.path.starts_with("/v1")) {
      auto caller = identify(head, Access::key);
      if (auto* without_key = std::get_if<Response>(&caller)) return {"", std::move(*without_key)};
    }
    return {"", std::move(*refusal)};
  }
  const auto& match = std::get<Router::Match>(found);
  auto caller = identify(head, match.route->access);
  if (auto* refusal = std::get_if<Response>(&caller))
    return {match.route->path, std::move(*refusal)};
  const auto& key = std::get<KeyInfo>(caller);
  if (match.route->access == Access::key || match.route->access == Access::live_key) {
    if (const int wait = buckets_.take(key.name, std::chrono::steady_clock::now()); wait > 0)
      return {match.route->path, refuse({.status = 429,
                                         .code = "too_many_requests",
                                         .hint = "this key sends too fast; send many events as "
                                                 "application/x-ndjson",
                                         .retry_after = wait})};
  }
  if (match.route->access == Access::live_key && key.mode == domain::Mode::test)
    return {match.route->path, live_key_needed()};
  return match.route->choose(head, key, match.id);
}

bool Api::may_log(unsigned status) {
  if (status < 400) return true;  // debug level: the telemetry decides
  const auto now = std::chrono::steady_clock::now();
  if (now - second_ >= std::chrono::seconds{1}) {
    second_ = now;
    lines_this_second_ = 0;
  }
  return lines_this_second_++ < max_refusals_logged_a_second;
}

void Api::answered(std::string_view route, Method method, unsigned status,
                   std::chrono::milliseconds took) {
  if (!may_log(status)) return;
  const auto level = status >= 500   ? ports::Level::warning
                     : status >= 400 ? ports::Level::info
                                     : ports::Level::debug;
  services_.telemetry.log(level, "http_request",
                          {{ports::Field::method, name(method)},
                           {ports::Field::route, route.empty() ? "none" : route},
                           {ports::Field::status, static_cast<std::int64_t>(status)},
                           {ports::Field::milliseconds, static_cast<std::int64_t>(took.count())}});
}

HttpService::HttpService(const ListenAddress& address, const Limits& limits, Services services,
                         const std::function<void(Router&)>& more_routes)
    : services_{std::move(services)}, server_{std::make_unique<Server>(address, limits)} {
  if (!services_.keys_needed() && !server_->loopback())
    throw std::invalid_argument{
        "without API keys the service listens on loopback only; make a key with: postrider keys "
        "add"};
  intake_ = std::make_unique<Intake>(server_->io(), services_.pipeline.orders, services_.intake);
  api_ = std::make_unique<Api>(services_, *intake_, *server_);
  if (more_routes) more_routes(api_->router());
  server_->start(*api_);
}

HttpService::~HttpService() {
  stop(std::chrono::milliseconds{0});
  server_.reset();  // first, because its last coroutines still use the API and the intake
}

bool HttpService::stop(std::chrono::milliseconds grace) {
  const bool all_finished = server_->stop(grace);
  intake_->stop();
  return all_finished;
}

}  // namespace postrider::adapters::http
