// A pool of connections to one origin, kept open for their next exchange. Belongs to one io thread.
// libcurl is no substitute: it repeats a POST when a reused connection dies.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "wire/http_connection.hpp"
#include "wire/tls_context.hpp"

namespace postrider::wire {

struct PoolSettings {
  domain::Milliseconds connect_timeout{5'000};  // each for the connection and for TLS
  /// A connection that waited for longer is not used: a request that crosses the server's close has
  /// an unknown outcome.
  domain::Milliseconds idle{4'000};
  std::uint64_t max_octets = 64 * 1024;  // of an answer's body
  domain::Milliseconds dns_timeout{10'000};
};

class ConnectionPool {
 public:
  using Connection = std::unique_ptr<HttpConnection>;

  /// `io` and `tls` outlive the pool.
  ConnectionPool(asio::io_context& io, TlsContext& tls, Url url, PoolSettings settings);

  const Url& url() const { return url_; }

  /// A connection that waited and is still good, or null.
  Connection take_idle();
  /// Opens a new connection, within `at_most` from name to TLS. Returns an empty text, or the code
  /// of what is wrong ("dns_failed", "connect_failed", "connect_timeout", "tls_failed",
  /// "tls_no_authorities"), and then `connection` stays as it was.
  asio::awaitable<std::string> connect(Connection& connection,
                                       domain::Milliseconds at_most = std::chrono::hours{1});
  /// Keeps a connection whose exchange had an answer.
  void give_back(Connection connection);
  /// Closes the connections that wait.
  void forget_idle() { idle_.clear(); }

 private:
  struct LookUp;
  asio::awaitable<std::string> resolve(domain::Milliseconds at_most);

  asio::io_context& io_;
  TlsContext& tls_;
  const Url url_;
  const PoolSettings settings_;
  HttpConnection::Endpoints endpoints_;
  std::chrono::steady_clock::time_point resolved_{};
  std::vector<Connection> idle_;
};

}  // namespace postrider::wire
