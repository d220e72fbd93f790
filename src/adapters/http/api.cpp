#include "adapters/http/api.hpp"

#include <stdexcept>

#include "adapters/http/resources.hpp"

namespace postrider::adapters::http {
namespace {

constexpr int refusals_logged_a_second = 20;  // so that a flood of bad requests fills no disk

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

/// Without keys, a web page in the operator's browser could reach us under a name of its own that
/// points to loopback (DNS rebinding), or post a form here. Neither is a local caller.
bool is_local_call(const Head& head) {
  const auto host = head.field("Host");
  const auto name = without_port(host);
  const bool local =
      name.empty() || name == "localhost" || name == "[::1]" ||
      (name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string_view::npos);
  const auto origin = head.field("Origin");
  return local && (origin.empty() || origin == "http://" + std::string{host});
}

Response foreign_call() {
  return refuse({.status = 403,
                 .code = "not_local",
                 .hint = "without API keys only programs on this machine may call; make a key "
                         "with: postrider keys add"});
}

std::string_view bearer_of(const Head& head) {
  const auto value = head.field("Authorization");
  constexpr std::string_view scheme = "bearer ";
  if (value.size() <= scheme.size()) return {};
  for (std::size_t i = 0; i + 1 < scheme.size(); ++i)
    if ((value[i] | 0x20) != scheme[i]) return {};
  return value[scheme.size() - 1] == ' ' ? value.substr(scheme.size()) : std::string_view{};
}

}  // namespace

Api::Api(const Services& services, Intake& intake, Server& server)
    : services_{services}, buckets_{services.requests_per_second, services.request_burst} {
  add_order_events(router_, services, intake, server);  // first: found first
  add_notifications(router_, services);
  add_customers(router_, services, server);
  add_opt_outs(router_, services);
  add_dead_letters(router_, services);
  add_receipts(router_, services);
  add_status(router_, services);
}

std::variant<KeyInfo, Response> Api::identify(const Head& head, Access access) const {
  const KeyInfo local{"local", services_.default_shop, domain::Mode::live};
  if (access == Access::open || access == Access::signed_body) return local;
  if (access == Access::open_on_loopback && head.loopback) return local;
  if (!services_.keys_required) {
    if (!head.loopback) return unauthorized();
    if (!is_local_call(head)) return foreign_call();
    return local;
  }
  const auto bearer = bearer_of(head);
  if (bearer.empty() || !services_.authenticate) return unauthorized();
  auto key = services_.authenticate(bearer);
  if (!key) return unauthorized();
  return *std::move(key);
}

Choice Api::choose(const Head& head) {
  auto found = router_.find(head);
  if (auto* no = std::get_if<Response>(&found)) {
    // Who has no key does not learn which paths there are.
    if (services_.keys_required && head.path.starts_with("/v1")) {
      auto caller = identify(head, Access::key);
      if (auto* refusal = std::get_if<Response>(&caller)) return {"", std::move(*refusal)};
    }
    return {"", std::move(*no)};
  }
  const auto& match = std::get<Router::Match>(found);
  auto caller = identify(head, match.route->access);
  if (auto* no = std::get_if<Response>(&caller)) return {match.route->path, std::move(*no)};
  const auto& key = std::get<KeyInfo>(caller);
  if (match.route->access == Access::key) {
    if (const int wait = buckets_.take(key.name, std::chrono::steady_clock::now()); wait > 0)
      return {match.route->path, refuse({.status = 429,
                                         .code = "too_many_requests",
                                         .hint = "this key sends too fast; send many events as "
                                                 "application/x-ndjson",
                                         .retry_after = wait})};
  }
  return match.route->choose(head, key, match.id);
}

bool Api::worth_a_line(unsigned status) {
  if (status < 400) return true;  // debug level: the telemetry decides
  const auto now = std::chrono::steady_clock::now();
  if (now - second_ >= std::chrono::seconds{1}) {
    second_ = now;
    lines_this_second_ = 0;
  }
  return lines_this_second_++ < refusals_logged_a_second;
}

void Api::answered(std::string_view route, Method method, unsigned status,
                   std::chrono::milliseconds took) {
  if (!worth_a_line(status)) return;
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
  if (!services_.keys_required && !server_->loopback())
    throw std::invalid_argument{
        "without API keys the service listens on loopback only; make a key with: postrider keys "
        "add"};
  intake_ = std::make_unique<Intake>(server_->io(), services_.orders, services_.intake);
  api_ = std::make_unique<Api>(services_, *intake_, *server_);
  if (more_routes) more_routes(api_->router());
  server_->start(*api_);
}

HttpService::~HttpService() {
  stop(std::chrono::milliseconds{0});
  server_.reset();  // its last coroutines still use the others
}

bool HttpService::stop(std::chrono::milliseconds grace) {
  const bool all = server_->stop(grace);
  intake_->stop();
  return all;
}

}  // namespace postrider::adapters::http
