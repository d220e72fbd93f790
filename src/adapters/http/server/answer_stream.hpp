// The writer of a long answer beside the reading of its request. For the io thread alone. It keeps
// the octets that the client does not read yet, so that a client that sends its whole request
// before it reads does not deadlock with the server; drain() bounds them.
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
  /// `on_progress` is called whenever octets were written. `owner` keeps the socket alive.
  AnswerStream(boost::asio::ip::tcp::socket& socket, std::shared_ptr<void> owner,
               std::function<void()> on_progress)
      : socket_{socket}, owner_{std::move(owner)}, on_progress_{std::move(on_progress)} {}

  /// Sends `octets` after those of earlier calls. Does not wait.
  void write(std::string_view octets);
  /// Sends `text` as one chunk of RFC 9112 §7.1; an empty text sends nothing.
  void write_chunk(std::string_view text);

  /// False once a write has failed, because the client has closed the connection.
  bool good() const { return !failed_; }
  /// Octets that the socket has not taken yet.
  std::size_t unread() const { return in_flight_.size() - sent_ + waiting_.size(); }

  /// Suspends until at most `max_unread` octets are unread(), or a write has failed.
  boost::asio::awaitable<void> drain(std::size_t max_unread);

 private:
  void start_write();
  void on_written(const boost::system::error_code& error, std::size_t octets);

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
