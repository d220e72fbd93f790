// The types between server and handlers: one request, its answer, and the action that a handler
// chooses from the head alone. Views point into the connection and live until the request is
// answered.
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

/// The method as requests write it: "GET"; "other" for Method::other.
std::string_view name(Method method);

/// A request without its body.
struct Head {
  Method method = Method::other;
  std::string_view path;   // still percent-encoded, starts with '/'
  std::string_view query;  // without the '?'
  bool loopback = false;   // the peer is on this machine
  const boost::beast::http::fields* fields = nullptr;

  /// The value of a field; empty where the request has no such field. Case does not matter.
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
  bool cut = false;  // the connection ends without an answer; for simulated faults
};

/// One line of a streamed body.
struct Line {
  std::size_t number = 0;  // from 1; blank lines are counted, but no handler gets them
  std::string_view text;   // without the line end; empty when too_long
  bool too_long = false;
};

/// A handler of the lines of one NDJSON body, slice by slice, on the io thread. One slice may be
/// taken while the slice before it is being worked on; the handler lives until every slice that it
/// took is answered.
class LineHandler {
 public:
  static constexpr int max_slices = 2;

  virtual ~LineHandler() = default;
  /// Takes one slice. The texts of `lines` live until the coroutine ends.
  virtual asio::awaitable<void> take(std::span<const Line> lines) = 0;
  /// Appends the answer to the oldest unanswered slice: one line for each line of the slice.
  virtual asio::awaitable<void> answer(std::string& out) = 0;
};

/// A handler of a request with a small body; it runs on the io thread and must never block it.
using AsyncHandler = std::function<asio::awaitable<Response>(Request&)>;
/// A handler of a request with a small body that may block; it runs on the BlockingPool.
using BlockingHandler = std::function<Response(Request&)>;
/// A maker of handlers of NDJSON bodies, which may be as long as Limits::stream_bytes.
using StreamHandler = std::function<std::unique_ptr<LineHandler>()>;

/// The action for a request. A Response refuses the request without its body.
struct Choice {
  std::string_view route;  // template such as "/v1/customers/{id}" in static storage, for logs
  std::variant<Response, AsyncHandler, BlockingHandler, StreamHandler> action;
};

/// A program's answers to requests. Called on the io thread; must live as long as the server runs.
class Handler {
 public:
  virtual ~Handler() = default;
  /// The action for the request with this head. Must not block.
  virtual Choice choose(const Head& head) = 0;
  /// Called after each answer; for access logs. `took`: from the end of the head to the answer.
  virtual void answered(std::string_view /*route*/, Method /*method*/, unsigned /*status*/,
                        std::chrono::milliseconds /*took*/) {}
};

}  // namespace postrider::adapters::http
