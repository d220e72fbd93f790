// One client connection: reads requests one after the other (so pipelined ones are answered in
// order), asks the handler, writes answers. Lives on the io thread alone.
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

/// What all connections of a server share.
struct Shared {
  Limits limits;
  BlockingPool* pool = nullptr;
  Handler* handler = nullptr;
  std::unordered_set<Connection*> connections;
  int streams = 0;
  bool stopping = false;
  std::string date;  // "Date: …\r\n", set anew by the server's tick
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(boost::asio::ip::tcp::socket socket, Shared& shared, std::string address,
             bool loopback);
  ~Connection();

  /// Serves the client until one of both ends the connection.
  asio::awaitable<void> run();
  /// Answers 503 without reading, then ends the connection.
  asio::awaitable<void> turn_away();

  /// Ends what has passed its deadline: a slow request gets a 408, anything else is cut.
  void check_deadline(Clock::time_point now);
  /// Ends it now if no request is in hand, else after the answer.
  void wind_down();
  void cut();

  const std::string& address() const { return address_; }

 private:
  using Parser = boost::beast::http::request_parser<AppendBody>;
  enum class Phase : std::uint8_t { idle, reading, working, ending };
  enum class Reading : std::uint8_t { done, ended, failed };  // `failed`: can still be answered

  void begin_request();
  static constexpr std::size_t body_read = 32 * 1024;
  asio::awaitable<bool> fill(std::size_t most);
  void parse();
  asio::awaitable<Reading> read_head();
  asio::awaitable<Reading> read_body();
  std::optional<std::uint64_t> announced_octets() const;
  std::optional<Response> check_head() const;
  Head make_head() const;
  Response why_not_parsed() const;

  // Each answers one request; false: the connection is to end.
  asio::awaitable<bool> serve_one();
  asio::awaitable<bool> small_body(const Head& head, const Choice& choice);
  asio::awaitable<bool> refuse(const Head& head, std::string_view route, const Response& response);
  asio::awaitable<bool> finish(const Head& head, std::string_view route, const Response& response,
                               bool unread);
  asio::awaitable<bool> stream(const Head& head, std::string_view route,
                               const StreamHandler& make_handler);

  asio::awaitable<Response> handle(const Choice& choice, Request& request);
  asio::awaitable<bool> stream_lines(LineHandler& handler, AnswerStream& answer, bool chunked);
  std::vector<Line> ready_slice(LineSplitter& splitter);
  asio::awaitable<bool> next_slice(LineSplitter& splitter, std::vector<Line>& lines);
  void read_ready();

  asio::awaitable<bool> go_on(const Head& head);
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
  bool must_close_ = false;  // after the answer to the request in hand
  Clock::time_point deadline_;
  Clock::time_point started_;  // of the request in hand
  Clock::time_point stream_end_;
  boost::beast::flat_buffer in_;
  boost::beast::error_code parse_error_;
  std::optional<Parser> parser_;
  std::string out_;
};

}  // namespace postrider::adapters::http
