#include "wire/connection_pool.hpp"

namespace postrider::wire {
namespace {

using boost::system::error_code;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds dns_lifetime{30};

}  // namespace

ConnectionPool::ConnectionPool(asio::io_context& io, TlsContext& tls, Url url,
                               PoolSettings settings)
    : io_{io}, tls_{tls}, url_{std::move(url)}, settings_{settings}, resolver_{io} {}

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
  // The freshest is taken first, so the front is where the stale ones gather.
  if (!idle_.front()->usable(settings_.idle)) idle_.erase(idle_.begin());
}

asio::awaitable<std::string> ConnectionPool::resolve() {
  if (!endpoints_.empty() && Steady::now() - resolved_ < dns_lifetime) co_return "";
  error_code error;
  auto found = co_await resolver_.async_resolve(url_.host, url_.port,
                                                asio::redirect_error(asio::use_awaitable, error));
  if (error || found.empty()) co_return "dns_failed";
  endpoints_ = std::move(found);
  resolved_ = Steady::now();
  co_return "";
}

asio::awaitable<std::string> ConnectionPool::connect(Connection& connection) {
  std::string problem = co_await resolve();
  if (!problem.empty()) co_return problem;
  auto* const tls = url_.tls ? tls_.get() : nullptr;
  if (url_.tls && tls == nullptr) co_return "tls_no_authorities";
  auto fresh = std::make_unique<HttpConnection>(io_, tls, url_, settings_.most_octets);
  const HttpConnection::Endpoints endpoints = endpoints_;  // another one may look it up anew
  problem = co_await fresh->open(endpoints, settings_.connect_timeout);
  if (problem.empty()) {
    connection = std::move(fresh);
  } else {
    endpoints_ = {};
  }
  co_return problem;
}

}  // namespace postrider::wire
