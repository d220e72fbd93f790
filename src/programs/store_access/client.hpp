// Calls of the command line to whoever holds the store: a running service, or this process itself
// (local_store.hpp). Not thread-safe.
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
  virtual ~Client() = default;
  /// `path` with its query. Any status is an answer. Throws Refused where there is none.
  virtual HttpAnswer call(const std::string& method, const std::string& path,
                          std::string_view body = {},
                          const std::string& content_type = "application/json") = 0;
  /// For messages: the service's address, or the folder.
  virtual const std::string& place() const = 0;
};

/// Uses libcurl, which may send a request again when a reused connection dies: every call that goes
/// through here is one that may be repeated.
class HttpClient final : public Client {
 public:
  static constexpr std::size_t max_answer_bytes = 256 * 1024 * 1024;

  /// `server`: "http://HOST:PORT". `key`: the API key, or empty. Throws UsageError for another
  /// kind of address.
  HttpClient(std::string server, std::string key);
  ~HttpClient() override;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Throws Unreachable.
  HttpAnswer call(const std::string& method, const std::string& path, std::string_view body = {},
                  const std::string& content_type = "application/json") override;
  const std::string& place() const override { return server_; }

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
