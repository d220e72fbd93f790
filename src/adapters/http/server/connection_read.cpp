// The half of Connection that reads requests and checks their heads.
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>
#include <limits>

#include "adapters/http/server/connection.hpp"
#include "adapters/http/server/problem.hpp"

namespace postrider::adapters::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t head_read = 4 * 1024;  // most requests fit in one read

std::string_view view(boost::string_view text) { return {text.data(), text.size()}; }

Method method_of(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get: return Method::get;
    case beast_http::verb::head: return Method::head;
    case beast_http::verb::post: return Method::post;
    case beast_http::verb::put: return Method::put;
    case beast_http::verb::delete_: return Method::erase;
    default: return Method::other;
  }
}

/// The path and query of a target, also of one in the absolute form (RFC 9112 §3.2.2).
std::string_view path_of(std::string_view target) {
  if (!target.starts_with("http://")) return target;
  const auto slash = target.find('/', 7);
  return slash == std::string_view::npos ? "/" : target.substr(slash);
}

}  // namespace

void Connection::begin_request() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(shared_.limits.header_bytes));
  // boost::none does not work here: Beast 1.74 compares a Content-Length with it and calls every
  // length too large. The real limit is set once the route is known.
  parser_->body_limit(std::numeric_limits<std::uint64_t>::max());
  parse_error_ = {};
  must_close_ = false;
}

asio::awaitable<bool> Connection::fill(std::size_t max_octets) {
  if (timed_out_ || !socket_.is_open()) co_return false;
  error_code error;
  const auto space = in_.prepare(max_octets);
  auto token = asio::redirect_error(asio::use_awaitable, error);
  const std::size_t octets = co_await socket_.async_read_some(space, token);
  peer_ended_ = error == asio::error::eof;
  if (error) co_return false;
  in_.commit(octets);
  co_return true;
}

/// Parses the octets in in_: up to the end of the head, or as much of the body as is there.
void Connection::parse() {
  const bool had_head = parser_->is_header_done();
  while (in_.size() > 0 && !parser_->is_done()) {
    const auto octets = parser_->put(in_.data(), parse_error_);
    in_.consume(octets);
    if (parse_error_ == beast_http::error::need_more) {
      parse_error_ = {};
      // The parser limits neither chunk headers nor trailers.
      if (had_head && in_.size() > shared_.limits.header_bytes)
        parse_error_ = beast_http::error::bad_chunk;
      return;
    }
    if (parse_error_ || (!had_head && parser_->is_header_done())) return;
  }
}

asio::awaitable<Connection::Reading> Connection::read_head() {
  for (;;) {
    // Empty lines before a request are skipped (RFC 9112 §2.2).
    while (!parser_->got_some() && in_.size() > 0) {
      const char c = *static_cast<const char*>(in_.data().data());
      if (c != '\r' && c != '\n') break;
      in_.consume(1);
    }
    if (in_.size() > 0) {
      if (phase_ != Phase::reading) {
        phase_ = Phase::reading;
        deadline_in(shared_.limits.request_time);
      }
      parse();
      if (parse_error_) co_return Reading::failed;
      if (parser_->is_header_done()) co_return Reading::done;
    }
    const bool more = co_await fill(head_read);
    if (!more) {
      const bool begun = in_.size() > 0 || parser_->got_some();
      co_return begun && (timed_out_ || peer_ended_) ? Reading::failed : Reading::ended;
    }
  }
}

asio::awaitable<Connection::Reading> Connection::read_body() {
  for (;;) {
    parse();
    if (parse_error_) co_return Reading::failed;
    if (parser_->is_done()) co_return Reading::done;
    const bool more = co_await fill(body_read);
    if (!more) co_return timed_out_ || peer_ended_ ? Reading::failed : Reading::ended;
  }
}

Response Connection::parse_refusal() const {
  if (timed_out_)
    return http::refuse(
        {.status = 408, .code = "request_timeout", .hint = "the request took too long to arrive"});
  if (parse_error_ == beast_http::error::header_limit)
    return http::refuse({.status = 431,
                         .code = "headers_too_large",
                         .hint = "the head of a request may have 16 KiB"});
  if (parse_error_ == beast_http::error::body_limit) return http::refuse(body_too_large);
  if (peer_ended_ && !parse_error_)
    return http::refuse({.status = 400,
                         .code = "incomplete_request",
                         .hint = "the connection ended before the request did"});
  return http::refuse(
      {.status = 400, .code = "bad_request", .hint = "this is not a well-formed HTTP request"});
}

Head Connection::make_head() const {
  const auto& request = parser_->get();
  const auto target = path_of(view(request.target()));
  const auto mark = target.find('?');
  Head head;
  head.method = method_of(request.method());
  head.path = target.substr(0, mark);
  if (mark != std::string_view::npos) head.query = target.substr(mark + 1);
  head.loopback = loopback_;
  head.fields = &request;
  return head;
}

/// The Content-Length, which the parser has checked. (Its own optional looks uninitialised to g++
/// 12 when sanitizers are on.)
std::optional<std::uint64_t> Connection::announced_octets() const {
  const auto text = parser_->get()[beast_http::field::content_length];
  std::uint64_t octets = 0;
  const auto error = std::from_chars(text.data(), text.data() + text.size(), octets).ec;
  return error == std::errc{} ? std::optional{octets} : std::nullopt;
}

std::optional<Response> Connection::check_head() const {
  const auto& request = parser_->get();
  using beast_http::field;
  const auto hosts = request.count(field::host);
  if (hosts > 1 || (hosts == 0 && request.version() >= 11))
    return http::refuse(
        {.status = 400, .code = "bad_host", .hint = "send one Host field with the request"});
  if (!path_of(view(request.target())).starts_with('/'))
    return http::refuse({.status = 400, .code = "bad_target", .hint = "the target must be a path"});
  if (request.count(field::transfer_encoding) > 0 && !parser_->chunked())
    return http::refuse({.status = 501,
                         .code = "unknown_transfer_encoding",
                         .hint = "chunked is the only transfer encoding known here"});
  const auto expect = request[field::expect];
  if (!expect.empty() && !boost::beast::iequals(expect, "100-continue"))
    return http::refuse(
        {.status = 417, .code = "unknown_expectation", .hint = "only 100-continue is known"});
  const auto coding = request[field::content_encoding];
  if (!coding.empty() && !boost::beast::iequals(coding, "identity"))
    return http::refuse({.status = 415,
                         .code = "unsupported_content_encoding",
                         .hint = "send the body without compression"});
  return std::nullopt;
}

}  // namespace postrider::adapters::http
