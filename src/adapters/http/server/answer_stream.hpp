// Sends a long answer beside the reading of the request: what the client does not read yet is kept,
// up to a limit, so that a client that sends all before it reads anything does not deadlock with
// us. Io thread only.
#pragma once

#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "adapters/http/server/signal.hpp"

namespace postrider::adapters::http {

class AnswerStream : public std::enable_shared_from_this<AnswerStream> {
 public:
  /// `on_progress` is called whenever octets went out. `owner` keeps the socket alive.
  AnswerStream(boost::asio::ip::tcp::socket& socket, std::shared_ptr<void> owner,
               std::function<void()> on_progress)
      : socket_{socket}, owner_{std::move(owner)}, on_progress_{std::move(on_progress)} {}

  void write(std::string_view octets);
  /// One chunk of RFC 9112 §7.1; nothing for an empty text.
  void write_chunk(std::string_view text);

  /// False once a write has failed: the client is gone.
  bool good() const { return !failed_; }
  std::size_t unread() const { return in_flight_.size() - sent_ + waiting_.size(); }

  /// Suspends until at most `most` octets wait, or the client is gone.
  boost::asio::awaitable<void> drain(std::size_t most);

 private:
  void start();
  void sent(const boost::system::error_code& error, std::size_t octets);

  boost::asio::ip::tcp::socket& socket_;
  std::shared_ptr<void> owner_;
  std::function<void()> on_progress_;
  std::string in_flight_;
  std::size_t sent_ = 0;  // of in_flight_
  std::string waiting_;
  std::size_t drained_at_ = 0;
  bool writing_ = false;
  bool failed_ = false;
  Signal drained_;
};

}  // namespace postrider::adapters::http
