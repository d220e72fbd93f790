// Calls to a running service, for the command line. Uses libcurl, which may send a request again
// when a reused connection dies: every call that goes through here is one that may be repeated.
// Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "domain/time.hpp"
#include "programs/outcome.hpp"

namespace postrider::programs {

struct HttpAnswer {
  long status = 0;
  std::string content_type;
  std::string body;
  domain::Milliseconds retry_after{0};  // 0: the service said nothing
};

/// No connection, or one that broke before the whole answer was there. The text says what to do.
struct Unreachable : Refused {
  Unreachable(const std::string& text, bool there) : Refused{text}, was_there{there} {}
  bool was_there;  // the service took the connection, so it may come back
};

class Client {
 public:
  static constexpr std::size_t most_answer_bytes = 256 * 1024 * 1024;

  /// `server`: "http://HOST:PORT". `key`: the API key, or empty. Throws UsageError for another
  /// kind of address.
  Client(std::string server, std::string key);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Throws Unreachable. Any status is an answer.
  HttpAnswer call(const std::string& method, const std::string& path, std::string_view body = {},
                  const std::string& content_type = "application/json");

  const std::string& server() const { return server_; }

 private:
  struct Curl;
  std::string server_;
  std::string key_;
  std::unique_ptr<Curl> curl_;
};

/// Percent-encoded (RFC 3986 §2.3), for a segment of a path or a value of a query.
std::string url_encode(std::string_view text);

/// One line about an answer that is no success: title, code, field and hint of the problem document
/// (RFC 9457), and what to do about a missing key. Without control characters.
std::string explain_problem(const HttpAnswer& answer);

}  // namespace postrider::programs
