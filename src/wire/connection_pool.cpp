#include "wire/connection_pool.hpp"

namespace postrider::wire {
namespace {

using boost::system::error_code;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds dns_lifetime{30};  // then a name is looked up anew

}  // namespace

ConnectionPool::ConnectionPool(asio::io_context& io, TlsContext& tls, Url url,
                               PoolSettings settings)
    : io_{io}, tls_{tls}, url_{std::move(url)}, settings_{settings} {}

ConnectionPool::Connection ConnectionPool::take_idle() {
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->usable(settings_.idle)) return connection;
  }
  return nullptr;
}

void ConnectionPool::give_back(Connection connection) {
  idle_.push_back(std::move(connection));
  // take_idle() takes the freshest from the back, so the stale connections gather at the front.
  if (!idle_.front()->usable(settings_.idle)) idle_.erase(idle_.begin());
}

/// A look-up of the host's name. It can't be interrupted, and so outlives the coroutine that waits
/// for it.
struct ConnectionPool::LookUp {
  explicit LookUp(asio::io_context& io) : resolver{io}, done{io} {}
  asio::ip::tcp::resolver resolver;
  asio::steady_timer done;
  HttpConnection::Endpoints found;
};

asio::awaitable<std::string> ConnectionPool::resolve(domain::Milliseconds at_most) {
  if (!endpoints_.empty() && Steady::now() - resolved_ < dns_lifetime) co_return "";
  auto look_up = std::make_shared<LookUp>(io_);
  look_up->done.expires_after(at_most);
  look_up->resolver.async_resolve(url_.host, url_.port,
                                  [look_up](error_code, HttpConnection::Endpoints found) {
                                    look_up->found = std::move(found);
                                    look_up->done.cancel();
                                  });
  error_code ignored;
  co_await look_up->done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (look_up->found.empty()) co_return "dns_failed";
  endpoints_ = look_up->found;
  resolved_ = Steady::now();
  co_return "";
}

asio::awaitable<std::string> ConnectionPool::connect(Connection& connection,
                                                     domain::Milliseconds at_most) {
  const auto until = Steady::now() + at_most;
  std::string problem = co_await resolve(std::min(settings_.dns_timeout, at_most));
  if (!problem.empty()) co_return problem;
  auto* const tls = url_.tls ? tls_.get() : nullptr;
  if (url_.tls && tls == nullptr) co_return "tls_no_authorities";
  auto fresh = std::make_unique<HttpConnection>(io_, tls, url_, settings_.max_octets);
  const HttpConnection::Endpoints endpoints = endpoints_;  // another coroutine may renew them
  problem = co_await fresh->open(endpoints, settings_.connect_timeout, until);
  if (problem.empty()) {
    connection = std::move(fresh);
  } else {
    endpoints_ = {};
  }
  co_return problem;
}

}  // namespace postrider::wire
