// One client connection: reads requests one after the other (so pipelined ones are answered in
// order), asks the handler, writes answers. For the io thread alone; it lives until run() ends.
#pragma once

#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "adapters/http/server/append_body.hpp"
#include "adapters/http/server/blocking_pool.hpp"
#include "adapters/http/server/exchange.hpp"
#include "adapters/http/server/limits.hpp"

namespace postrider::adapters::http {

class AnswerStream;
class Connection;
class LineSplitter;

/// The state that all connections of a server share. For the io thread alone.
struct Shared {
  Limits limits;
  BlockingPool* pool = nullptr;
  Handler* handler = nullptr;
  std::unordered_set<Connection*> connections;
  int streams = 0;  // NDJSON bodies that are being read
  bool stopping = false;
  std::string date;  // the field "Date: …\r\n", renewed by the server's tick
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(boost::asio::ip::tcp::socket socket, Shared& shared, std::string address,
             bool loopback);
  ~Connection();

  /// Serves the client until the client or the server ends the connection.
  asio::awaitable<void> run();
  /// Answers 503 without reading, then ends the connection.
  asio::awaitable<void> turn_away();

  /// Acts on a deadline that has passed: a slow request is answered with 408, anything else is cut.
  void check_deadline(Clock::time_point now);
  /// Ends the connection: now if no request is in hand, else after the answer.
  void wind_down();
  /// Closes the socket at once.
  void cut();

  const std::string& address() const { return address_; }

 private:
  using Parser = boost::beast::http::request_parser<AppendBody>;
  enum class Phase : std::uint8_t { idle, reading, working, ending };
  enum class Reading : std::uint8_t { done, ended, failed };  // after `failed` an answer can go out

  void begin_request();
  static constexpr std::size_t body_read = 32 * 1024;
  asio::awaitable<bool> fill(std::size_t max_octets);
  void parse();
  asio::awaitable<Reading> read_head();
  asio::awaitable<Reading> read_body();
  std::optional<std::uint64_t> announced_octets() const;
  std::optional<Response> check_head() const;
  Head make_head() const;
  Response parse_refusal() const;

  // Each of these answers one request; false: the connection has to end.
  asio::awaitable<bool> serve_request();
  asio::awaitable<bool> serve_small_body(const Head& head, const Choice& choice);
  asio::awaitable<bool> refuse(const Head& head, std::string_view route, const Response& response);
  asio::awaitable<bool> send_answer(const Head& head, std::string_view route,
                                    const Response& response, bool unread);
  asio::awaitable<bool> serve_stream(const Head& head, std::string_view route,
                                     const StreamHandler& make_handler);

  asio::awaitable<Response> handle(const Choice& choice, Request& request);
  asio::awaitable<bool> stream_lines(LineHandler& handler, AnswerStream& answer, bool chunked);
  std::vector<Line> ready_slice(LineSplitter& splitter);
  asio::awaitable<bool> next_slice(LineSplitter& splitter, std::vector<Line>& lines);
  void read_available();

  asio::awaitable<bool> send_continue(const Head& head);
  void compose_head(const Response& response, bool keep);
  asio::awaitable<bool> write(const Response& response, bool head_only, bool keep);
  asio::awaitable<bool> flush();
  asio::awaitable<void> linger();
  void deadline_in(std::chrono::milliseconds time) { deadline_ = Clock::now() + time; }
  void no_deadline() { deadline_ = Clock::time_point::max(); }
  void stream_deadline();

  boost::asio::ip::tcp::socket socket_;
  Shared& shared_;
  std::string address_;
  bool loopback_;
  Phase phase_ = Phase::idle;
  bool timed_out_ = false;
  bool peer_ended_ = false;  // no more octets will come
  bool must_close_ = false;  // the connection ends after the answer to the request in hand
  Clock::time_point deadline_;
  Clock::time_point started_;  // of the request in hand
  Clock::time_point stream_end_;
  boost::beast::flat_buffer in_;
  boost::beast::error_code parse_error_;
  std::optional<Parser> parser_;
  std::string out_;
};

}  // namespace postrider::adapters::http
