// An HTTP server on one io thread with a few threads for blocking handlers. The service and the
// carrier simulator use it. Start and stop from one thread; port() from any.
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

/// "HOST:PORT" or "[IPv6]:PORT"; nullopt when it is neither. Port 0: the system chooses.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

struct CantListen : std::runtime_error {  // says where and why
  using std::runtime_error::runtime_error;
};

class Server {
 public:
  /// Binds and listens. Throws CantListen when it can't: a start-up error.
  explicit Server(const ListenAddress& address, const Limits& limits = {});
  /// Handlers that hold state of their own must be able to answer until here.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Serves from now on. `handler` must live as long as the server.
  void start(Handler& handler);

  /// Accepts nothing new, ends idle connections, lets requests in hand finish for `grace`, then
  /// cuts what is left. True: nothing had to be cut. No handler runs when it returns.
  bool stop(std::chrono::milliseconds grace);

  std::uint16_t port() const { return port_; }
  /// Only this machine can reach it.
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
  bool told_idle_ = false;
  std::thread thread_;
};

}  // namespace postrider::adapters::http
