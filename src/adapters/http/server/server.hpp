// An HTTP/1.1 server on one io thread, with a few threads for blocking handlers. start() and stop()
// are for one thread, port() for any. The service and the carrier simulator use it.
#pragma once

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "adapters/http/server/connection.hpp"

namespace postrider::adapters::http {

struct ListenAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
};

/// Reads "HOST:PORT" or "[IPv6]:PORT"; nullopt when `text` is neither. Port 0: the system chooses.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

/// The error of a server that can't listen. what() has the address and the reason.
struct CantListen : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Server {
 public:
  /// Binds and listens. Throws CantListen.
  explicit Server(const ListenAddress& address, const Limits& limits = {});
  /// Stops at once. The handler must live until the destructor returns.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Serves from now on. `handler` must live as long as the server.
  void start(Handler& handler);

  /// Accepts no new connection, ends idle ones, lets requests in hand finish for `grace`, then cuts
  /// the connections that are left. True: no connection was cut. After it no handler runs.
  bool stop(std::chrono::milliseconds grace);

  std::uint16_t port() const { return port_; }
  /// True where only this machine can reach the server.
  bool loopback() const { return loopback_; }
  boost::asio::io_context& io() { return *io_; }
  BlockingPool& pool() { return *pool_; }
  const Limits& limits() const { return shared_.limits; }

 private:
  asio::awaitable<void> accept();
  asio::awaitable<void> pause(std::chrono::milliseconds time);
  void admit(asio::ip::tcp::socket socket);
  void tick();
  void wind_down();
  void renew_date();

  Shared shared_;
  std::unique_ptr<boost::asio::io_context> io_;
  std::unique_ptr<BlockingPool> pool_;
  std::unique_ptr<asio::ip::tcp::acceptor> acceptor_;
  std::unique_ptr<asio::steady_timer> timer_;
  std::unordered_map<std::string, int> per_address_;
  std::uint16_t port_ = 0;
  bool loopback_ = false;
  bool stopped_ = false;
  std::time_t date_of_ = 0;
  std::promise<void> idle_;  // fulfilled when stopping and no connection is left
  bool idle_reported_ = false;
  std::thread thread_;
};

}  // namespace postrider::adapters::http
