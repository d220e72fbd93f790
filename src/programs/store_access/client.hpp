// The client of the HTTP API, for commands: of a running service (HttpClient), of a store in this
// process (local_store.hpp) or of a stack (aws_store.hpp). Not thread-safe.
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

/// The error of a call without an answer: no connection, or a connection that broke before the
/// whole answer was there. The text says what to do.
struct Unreachable : Refused {
  Unreachable(const std::string& text, bool was_connected)
      : Refused{text}, connected{was_connected} {}
  bool connected;  // the service took the connection, so that it may come back
};

class Client {
 public:
  virtual ~Client() = default;
  /// The answer to one request, whatever its status. `path`: with its query. Throws Refused where
  /// there is no answer.
  virtual HttpAnswer call(const std::string& method, const std::string& path,
                          std::string_view body = {},
                          const std::string& content_type = "application/json") = 0;
  /// The service's address, the data folder, or the name of the stack; for messages to people.
  virtual const std::string& place() const = 0;
};

/// The client of a running service. It uses libcurl, which may send a request again when a reused
/// connection dies; that is safe, because every call of the command line may be repeated.
class HttpClient final : public Client {
 public:
  static constexpr std::size_t max_answer_bytes = 256 * 1024 * 1024;

  /// `server`: "http://HOST:PORT". `key`: the API key, or empty. Throws UsageError for another
  /// kind of address.
  HttpClient(std::string server, std::string key);
  ~HttpClient() override;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Throws Unreachable, and Refused for an answer over `max_answer_bytes`.
  HttpAnswer call(const std::string& method, const std::string& path, std::string_view body = {},
                  const std::string& content_type = "application/json") override;
  const std::string& place() const override { return server_; }

 private:
  struct Curl;
  std::string server_;
  std::string key_;
  std::unique_ptr<Curl> curl_;
};

/// `text`, percent-encoded (RFC 3986 §2.3) for a segment of a path or a value of a query.
std::string url_encode(std::string_view text);

/// One line about an answer that is no success: the title, code, field and hint of its problem
/// document (RFC 9457), and for 401 how to give a key. Without control characters.
std::string explain_problem(const HttpAnswer& answer);

}  // namespace postrider::programs
