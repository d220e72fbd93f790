// One connection to a carrier, plain or TLS, and one request-answer exchange on it. Belongs to the
// carrier's io thread.
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
#include <variant>

#include "adapters/http_carrier/http_answer.hpp"
#include "adapters/http_carrier/url.hpp"

namespace postrider::adapters::http_carrier {

namespace asio = boost::asio;
namespace beast = boost::beast;

/// How an exchange ended without an answer.
struct NoAnswer {
  std::string code;
  bool nothing_written = false;  // certain: not one byte of the request left
};

class HttpConnection {
 public:
  using Endpoints = asio::ip::tcp::resolver::results_type;
  using Exchange = std::variant<HttpAnswer, NoAnswer>;

  HttpConnection(asio::io_context& io, asio::ssl::context& tls, const Url& url);

  /// A code when it failed ("connect_failed", "connect_timeout", "tls_failed"), else empty.
  asio::awaitable<std::string> open(const Endpoints& endpoints, domain::Milliseconds timeout);

  /// Writes `request` once and reads its answer, all within `timeout`.
  asio::awaitable<Exchange> exchange(const std::string& request, domain::Milliseconds timeout);

  /// May carry another request: kept open by both sides, nothing to read, and idle for less than
  /// `idle`.
  bool usable(domain::Milliseconds idle);

 private:
  template <class Stream>
  asio::awaitable<Exchange> talk(Stream& stream, const std::string& request);

  beast::tcp_stream& tcp() { return stream_.next_layer(); }

  const Url& url_;
  beast::ssl_stream<beast::tcp_stream> stream_;  // its TLS half rests where the URL is plain http
  beast::flat_buffer buffer_;
  bool keep_alive_ = false;
  std::chrono::steady_clock::time_point last_used_{};
};

}  // namespace postrider::adapters::http_carrier
