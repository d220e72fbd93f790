#include "wire/http_connection.hpp"

#include <sys/socket.h>

#include <boost/beast/http.hpp>
#include <cerrno>

namespace postrider::wire {
namespace {

namespace http = beast::http;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

constexpr std::uint32_t header_limit = 16 * 1024;
constexpr int max_interim_answers = 5;  // 1xx before the answer (RFC 9110 §15.2)

std::string code_of(const error_code& error) {
  if (error == beast::error::timeout) return "timeout";
  if (error.category() == http::make_error_code(http::error::bad_method).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message)
    return "bad_answer";
  return "connection_lost";
}

HttpAnswer answer_of(http::response_parser<http::string_body>& parser) {
  HttpAnswer answer;
  answer.length_known = !parser.need_eof();
  auto response = parser.release();
  answer.status = static_cast<int>(response.result_int());
  for (const auto& field : response) {
    std::string name{field.name_string()};
    for (auto& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    answer.headers.emplace_back(std::move(name), std::string{field.value()});
  }
  answer.body = std::move(response.body());
  return answer;
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

HttpConnection::Stream HttpConnection::stream_for(const Url& url, asio::io_context& io,
                                                  asio::ssl::context* tls) {
  if (url.tls) return Stream{std::in_place_type<Secure>, io, *tls};
  return Stream{std::in_place_type<Plain>, io};
}

HttpConnection::HttpConnection(asio::io_context& io, asio::ssl::context* tls, const Url& url,
                               std::uint64_t max_octets)
    : url_{url}, stream_{stream_for(url, io, tls)}, max_octets_{max_octets} {}

beast::tcp_stream& HttpConnection::tcp() {
  auto* secure = std::get_if<Secure>(&stream_);
  return secure != nullptr ? secure->next_layer() : std::get<Plain>(stream_);
}

asio::awaitable<std::string> HttpConnection::open(const Endpoints& endpoints,
                                                  domain::Milliseconds timeout,
                                                  Steady::time_point until) {
  error_code error;
  tcp().expires_at(std::min(Steady::now() + timeout, until));
  co_await tcp().async_connect(endpoints, asio::redirect_error(asio::use_awaitable, error));
  if (error == beast::error::timeout) co_return "connect_timeout";
  if (error) co_return "connect_failed";
  tcp().socket().set_option(asio::ip::tcp::no_delay{true}, error);
  auto* secure = std::get_if<Secure>(&stream_);
  if (secure == nullptr) co_return "";
  if (SSL_set_tlsext_host_name(secure->native_handle(), url_.host.c_str()) != 1)
    co_return "tls_failed";
  secure->set_verify_mode(asio::ssl::verify_peer, error);
  secure->set_verify_callback(asio::ssl::host_name_verification{url_.host}, error);
  if (error) co_return "tls_failed";
  tcp().expires_at(std::min(Steady::now() + timeout, until));
  co_await secure->async_handshake(asio::ssl::stream_base::client,
                                   asio::redirect_error(asio::use_awaitable, error));
  co_return error ? "tls_failed" : "";
}

asio::awaitable<HttpConnection::Exchange> HttpConnection::exchange(const std::string& request,
                                                                   domain::Milliseconds timeout) {
  keep_alive_ = false;
  tcp().expires_after(timeout);
  Exchange result;
  if (auto* secure = std::get_if<Secure>(&stream_)) {
    result = co_await talk(*secure, request);
  } else {
    result = co_await talk(std::get<Plain>(stream_), request);
  }
  tcp().expires_never();
  last_used_ = std::chrono::steady_clock::now();
  co_return result;
}

template <class Either>
asio::awaitable<HttpConnection::Exchange> HttpConnection::talk(Either& stream,
                                                               const std::string& request) {
  error_code error;
  const std::size_t written = co_await asio::async_write(
      stream, asio::buffer(request), asio::redirect_error(asio::use_awaitable, error));
  if (error) {
    // A TLS stream counts octets of plain text, and part of a record that it does not count may be
    // written: only the zero of a plain socket is certain.
    NoAnswer none{code_of(error), written == 0 && !url_.tls};
    co_return none;
  }
  for (int i = 0; i <= max_interim_answers; ++i) {
    http::response_parser<http::string_body> parser;
    parser.header_limit(header_limit);
    parser.body_limit(max_octets_);
    co_await http::async_read(stream, buffer_, parser,
                              asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      NoAnswer none{code_of(error), false};
      co_return none;
    }
    const auto status = parser.get().result_int();
    if (status / 100 == 1 && status != 101) continue;
    keep_alive_ = parser.keep_alive() && !parser.need_eof() && buffer_.size() == 0;
    HttpAnswer answer = answer_of(parser);
    co_return answer;
  }
  NoAnswer none{"bad_answer", false};
  co_return none;
}

bool HttpConnection::usable(domain::Milliseconds idle) {
  if (!keep_alive_ || std::chrono::steady_clock::now() - last_used_ >= idle) return false;
  char octet = 0;
  const auto got = ::recv(tcp().socket().native_handle(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
  // 0: the peer closed the connection. 1: the peer sent octets that nobody asked for.
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace postrider::wire
