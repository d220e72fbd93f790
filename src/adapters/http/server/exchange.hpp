// One request and its answer, as handlers see them, and what a handler may choose to do from the
// head alone. Views point into the connection and live until the request is answered.
#pragma once

#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/fields.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace postrider::adapters::http {

namespace asio = boost::asio;

enum class Method : std::uint8_t { get, head, post, put, erase, other };

std::string_view name(Method method);

struct Head {
  Method method = Method::other;
  std::string_view path;   // still percent-encoded, starts with '/'
  std::string_view query;  // without the '?'
  bool loopback = false;   // the peer is on this machine
  const boost::beast::http::fields* fields = nullptr;

  /// The value of a field, empty where there is none. Names are compared without case.
  std::string_view field(std::string_view field_name) const;
};

struct Request {
  Head head;
  std::string body;
};

struct Response {
  unsigned status = 200;
  std::string_view content_type = "application/json";  // static storage
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> headers;  // names in static storage
  bool cut = false;  // the connection ends here, without an answer: a fault to be simulated
};

/// One line of a streamed body.
struct Line {
  std::size_t number = 0;  // from 1; blank lines are counted but never handed over
  std::string_view text;   // without the line end; empty when too_long
  bool too_long = false;
};

/// Takes the lines of one NDJSON body, slice by slice, on the io thread. One slice may be taken
/// while the one before is being worked on; each that was taken is answered before this dies.
class LineHandler {
 public:
  static constexpr int max_slices = 2;

  virtual ~LineHandler() = default;
  /// The texts of `lines` are gone when it is done.
  virtual asio::awaitable<void> take(std::span<const Line> lines) = 0;
  /// Appends one line of answer a line of the oldest slice that has none yet.
  virtual asio::awaitable<void> answer(std::string& out) = 0;
};

/// Small body, runs on the io thread and must never block it.
using AsyncHandler = std::function<asio::awaitable<Response>(Request&)>;
/// Small body, runs on one of the few threads for blocking work.
using BlockingHandler = std::function<Response(Request&)>;
/// NDJSON body of any length up to the stream limit.
using StreamHandler = std::function<std::unique_ptr<LineHandler>()>;

/// What to do with a request. A Response refuses it without its body.
struct Choice {
  std::string_view route;  // template such as "/v1/customers/{id}" in static storage, for logs
  std::variant<Response, AsyncHandler, BlockingHandler, StreamHandler> action;
};

/// What a program does with requests. Called on the io thread; lives as long as the server runs.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual Choice choose(const Head& head) = 0;
  /// After each answer; for access logs.
  virtual void answered(std::string_view /*route*/, Method /*method*/, unsigned /*status*/,
                        std::chrono::milliseconds /*took*/) {}
};

}  // namespace postrider::adapters::http
