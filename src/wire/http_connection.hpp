// An HTTP/1.1 connection, plain or TLS, that carries one exchange of request and answer at a time.
// A request is written once and never again. Belongs to one io thread.
#pragma once

#include <utility>
// Asio 1.74 forgets <utility>.
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/time.hpp"
#include "wire/url.hpp"

namespace postrider::wire {

namespace asio = boost::asio;
namespace beast = boost::beast;

/// A complete answer of the peer.
struct HttpAnswer {
  int status = 0;
  std::string body;
  /// The length of the body was announced and all of it came. False where only the end of the
  /// connection ended the body: a part of it may be missing.
  bool length_known = true;
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case

  /// The value of the first header of this name (in lower case); empty where there is none.
  std::string_view header(std::string_view name) const;
};

/// The end of an exchange without an answer.
struct NoAnswer {
  std::string code;              // "timeout", "connection_lost", "bad_answer"
  bool nothing_written = false;  // certain: not one byte of the request left
};

class HttpConnection {
 public:
  using Endpoints = asio::ip::tcp::resolver::results_type;
  using Exchange = std::variant<HttpAnswer, NoAnswer>;

  /// `url` outlives the connection. `tls` is not used where the URL is plain http. An answer whose
  /// body is longer than `max_octets` counts as none ("bad_answer").
  HttpConnection(asio::io_context& io, asio::ssl::context* tls, const Url& url,
                 std::uint64_t max_octets);

  /// Connects. Returns an empty text, or the code of what failed ("connect_failed",
  /// "connect_timeout", "tls_failed"). `timeout` is each for the connection and for TLS; both end
  /// by `until`.
  asio::awaitable<std::string> open(const Endpoints& endpoints, domain::Milliseconds timeout,
                                    std::chrono::steady_clock::time_point until);

  /// Writes `request` once and reads its answer, all within `timeout`.
  asio::awaitable<Exchange> exchange(const std::string& request, domain::Milliseconds timeout);

  /// Whether the connection may carry another request: both sides keep it open, nothing waits to be
  /// read, and it was idle for less than `idle`.
  bool usable(domain::Milliseconds idle);

 private:
  template <class Either>
  asio::awaitable<Exchange> talk(Either& stream, const std::string& request);

  using Plain = beast::tcp_stream;
  using Secure = beast::ssl_stream<beast::tcp_stream>;
  using Stream = std::variant<Plain, Secure>;
  static Stream stream_for(const Url& url, asio::io_context& io, asio::ssl::context* tls);
  beast::tcp_stream& tcp();

  const Url& url_;
  Stream stream_;
  beast::flat_buffer buffer_;
  std::uint64_t max_octets_;
  bool keep_alive_ = false;
  std::chrono::steady_clock::time_point last_used_{};
};

}  // namespace postrider::wire
