#include "adapters/http/server/server.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <ctime>

namespace postrider::adapters::http {
namespace {

using boost::system::error_code;

// Connections over the limit that get a 503 at the same time; any more are closed unanswered.
constexpr int max_turned_away = 64;
constexpr auto accept_pause = std::chrono::milliseconds{100};  // when descriptors have run out

std::unique_ptr<asio::ip::tcp::acceptor> listen_on(asio::io_context& io,
                                                   const ListenAddress& address) {
  const auto port = std::to_string(address.port);
  try {
    asio::ip::tcp::resolver resolver{io};
    const auto found = resolver.resolve(address.host, port, asio::ip::tcp::resolver::passive);
    return std::make_unique<asio::ip::tcp::acceptor>(io, found.begin()->endpoint(), true);
  } catch (const boost::system::system_error& e) {
    throw CantListen{"can't listen on " + address.host + ":" + port + ": " + e.code().message()};
  }
}

}  // namespace

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  if (host.starts_with('[') != host.ends_with(']')) return std::nullopt;
  if (host.starts_with('[')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || host.empty())
    return std::nullopt;
  return ListenAddress{std::string{host}, port};
}

Server::Server(const ListenAddress& address, const Limits& limits)
    : io_{std::make_unique<asio::io_context>(1)} {
  shared_.limits = limits;
  acceptor_ = listen_on(*io_, address);
  timer_ = std::make_unique<asio::steady_timer>(*io_);
  const auto endpoint = acceptor_->local_endpoint();
  port_ = endpoint.port();
  loopback_ = endpoint.address().is_loopback();
  pool_ = std::make_unique<BlockingPool>(*io_, limits.blocking_threads, limits.blocking_jobs);
  shared_.pool = pool_.get();
}

Server::~Server() {
  stop(std::chrono::milliseconds{0});
  shared_.stopping = true;
  error_code ignored;
  acceptor_->close(ignored);
  // Jobs of connections that were cut may have posted their results. They have to arrive, so that
  // no coroutine is left waiting for a signal that it owns itself.
  io_->restart();
  io_->poll();
  acceptor_.reset();
  timer_.reset();
  io_.reset();
}

void Server::start(Handler& handler) {
  shared_.handler = &handler;
  renew_date();
  asio::co_spawn(*io_, accept(), asio::detached);
  tick();
  thread_ = std::thread{[this] { io_->run(); }};
}

bool Server::stop(std::chrono::milliseconds grace) {
  if (std::exchange(stopped_, true)) return true;
  bool all_finished = true;
  if (thread_.joinable()) {
    auto idle = idle_.get_future();
    asio::post(*io_, [this] { wind_down(); });
    all_finished = idle.wait_for(grace) == std::future_status::ready;
    if (!all_finished) {
      asio::post(*io_, [this] {
        for (auto* connection : shared_.connections) connection->cut();
      });
      idle.wait_for(std::chrono::milliseconds{200});
    }
  }
  pool_->join();
  io_->stop();
  if (thread_.joinable()) thread_.join();
  return all_finished;
}

void Server::wind_down() {
  shared_.stopping = true;
  error_code ignored;
  acceptor_->close(ignored);
  for (auto* connection : shared_.connections) connection->wind_down();
  timer_->cancel();  // tick() runs at once and notices when no connection is left
}

asio::awaitable<void> Server::pause(std::chrono::milliseconds time) {
  asio::steady_timer timer{*io_, time};
  error_code ignored;
  auto token = asio::redirect_error(asio::use_awaitable, ignored);
  co_await timer.async_wait(token);
}

asio::awaitable<void> Server::accept() {
  while (acceptor_->is_open()) {
    asio::ip::tcp::socket socket{*io_};
    error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await acceptor_->async_accept(socket, token);
    if (!error) {
      admit(std::move(socket));
    } else if (acceptor_->is_open()) {
      co_await pause(accept_pause);
    }
  }
}

void Server::admit(asio::ip::tcp::socket socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;
  socket.non_blocking(true, error);
  socket.set_option(asio::ip::tcp::no_delay{true}, error);
  auto address = peer.address().to_string();
  const auto& limits = shared_.limits;
  const auto total = static_cast<int>(shared_.connections.size());
  if (total >= limits.connections + max_turned_away) return;
  const auto counted = per_address_.find(address);
  const int of_address = counted == per_address_.end() ? 0 : counted->second;
  const bool admitted = total < limits.connections && of_address < limits.connections_per_address;
  const bool loopback = peer.address().is_loopback();
  const auto connection =
      std::make_shared<Connection>(std::move(socket), shared_, std::move(address), loopback);
  if (!admitted) {
    auto turning_away = connection->turn_away();
    asio::co_spawn(*io_, std::move(turning_away), [connection](const std::exception_ptr&) {});
    return;
  }
  ++per_address_[connection->address()];
  auto serving = connection->run();
  asio::co_spawn(*io_, std::move(serving), [this, connection](const std::exception_ptr&) {
    const auto entry = per_address_.find(connection->address());
    if (--entry->second == 0) per_address_.erase(entry);
    connection->cut();
  });
}

void Server::tick() {
  if (shared_.stopping && shared_.connections.empty()) {
    if (!std::exchange(idle_reported_, true)) idle_.set_value();
    return;
  }
  const auto now = Connection::Clock::now();
  for (auto* connection : shared_.connections) connection->check_deadline(now);
  renew_date();
  timer_->expires_after(shared_.stopping ? std::chrono::milliseconds{5} : shared_.limits.tick);
  timer_->async_wait([this](const error_code&) { tick(); });
}

void Server::renew_date() {
  const auto now = std::time(nullptr);
  if (now == std::exchange(date_of_, now)) return;
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  const auto size =
      std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &utc);
  shared_.date.assign(text.data(), size);
}

}  // namespace postrider::adapters::http
