#include "adapters/http/server/connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/http/server/problem.hpp"

namespace postrider::adapters::http {
namespace {

using boost::system::error_code;

constexpr std::chrono::milliseconds linger_when_stopping{
    200};  // a slow client can't delay the stop

Response internal_error() {
  return refuse({.status = 500,
                 .code = "internal",
                 .hint = "this is a fault of the server; it has been logged"});
}

}  // namespace

Connection::Connection(boost::asio::ip::tcp::socket socket, Shared& shared, std::string address,
                       bool loopback)
    : socket_{std::move(socket)},
      shared_{shared},
      address_{std::move(address)},
      loopback_{loopback} {
  deadline_in(shared_.limits.request_time);
  shared_.connections.insert(this);
}

Connection::~Connection() { shared_.connections.erase(this); }

asio::awaitable<void> Connection::run() {
  while (true) {
    // Not as the loop's condition: g++ 12 destroys what is awaited there twice.
    const bool more = co_await serve_request();
    if (!more) break;
    if (in_.size() == 0) {
      phase_ = Phase::idle;
      if (shared_.stopping) break;
      deadline_in(shared_.limits.idle_time);
    } else {
      deadline_in(shared_.limits.request_time);  // the next request is here already
    }
  }
  cut();
}

asio::awaitable<void> Connection::turn_away() {
  const auto response = http::refuse({.status = 503,
                                      .code = "too_many_connections",
                                      .hint = "use fewer connections and keep them open",
                                      .retry_after = 1});
  phase_ = Phase::ending;
  deadline_in(shared_.limits.linger_time);
  const bool sent = co_await write(response, false, false);
  if (sent) co_await linger();
  cut();
}

void Connection::check_deadline(Clock::time_point now) {
  if (now < deadline_) return;
  error_code ignored;
  if (phase_ != Phase::reading || timed_out_) return cut();
  timed_out_ = true;
  deadline_in(shared_.limits.linger_time);
  socket_.cancel(ignored);
}

void Connection::wind_down() {
  if (phase_ == Phase::idle) cut();
}

void Connection::cut() {
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<bool> Connection::serve_request() {
  begin_request();
  const Reading reading = co_await read_head();
  if (reading == Reading::ended) co_return false;
  started_ = Clock::now();
  if (reading == Reading::failed) {
    const Response response = parse_refusal();
    shared_.handler->answered("", Method::other, response.status, {});
    co_await write(response, false, false);
    co_await linger();
    co_return false;
  }
  const Head head = make_head();
  const auto head_refusal = check_head();
  if (head_refusal) {
    must_close_ = true;
    co_return co_await refuse(head, "", *head_refusal);
  }
  const Choice choice = shared_.handler->choose(head);
  if (const auto* refusal = std::get_if<Response>(&choice.action))
    co_return co_await refuse(head, choice.route, *refusal);
  if (const auto* handler = std::get_if<StreamHandler>(&choice.action))
    co_return co_await serve_stream(head, choice.route, *handler);
  co_return co_await serve_small_body(head, choice);
}

asio::awaitable<bool> Connection::serve_small_body(const Head& head, const Choice& choice) {
  const auto limit = shared_.limits.body_bytes;
  if (announced_octets().value_or(0) > limit) {
    const Response response = http::refuse(body_too_large);
    co_return co_await refuse(head, choice.route, response);
  }
  if (!parser_->is_done()) {
    if (parser_->chunked()) parser_->body_limit(limit);
    const bool going = co_await send_continue(head);
    if (!going) co_return false;
    const Reading reading = co_await read_body();
    if (reading == Reading::ended) co_return false;
    if (reading == Reading::failed) {
      const Response response = parse_refusal();
      must_close_ = true;
      co_return co_await send_answer(head, choice.route, response, true);
    }
  }
  phase_ = Phase::working;
  no_deadline();
  Request request{head, std::move(parser_->get().body())};
  Response response = co_await handle(choice, request);
  co_return co_await send_answer(head, choice.route, response, false);
}

asio::awaitable<Response> Connection::handle(const Choice& choice, Request& request) {
  Response response = internal_error();
  try {
    if (const auto* handler = std::get_if<AsyncHandler>(&choice.action)) {
      auto pending = (*handler)(request);
      response = co_await std::move(pending);
      co_return response;
    }
  } catch (const std::exception&) {
    co_return internal_error();
  }
  const auto& handler = std::get<BlockingHandler>(choice.action);
  const std::function<void()> job = [&handler, &request, &response] {
    try {
      response = handler(request);
    } catch (const std::exception&) {
      response = internal_error();
    }
  };
  const bool ran = co_await shared_.pool->run(job);
  if (!ran)
    response = http::refuse({.status = 503,
                             .code = "busy",
                             .hint = "too many requests wait; ask again later",
                             .retry_after = 1});
  co_return response;
}

/// Sends the answer. Where the connection can't serve another request, ends it in a way that lets
/// the answer arrive.
asio::awaitable<bool> Connection::send_answer(const Head& head, std::string_view route,
                                              const Response& response, bool unread) {
  if (response.cut) co_return false;
  const bool keep = !must_close_ && !unread && !shared_.stopping && parser_->keep_alive();
  phase_ = Phase::working;
  deadline_in(shared_.limits.write_time);
  const bool sent = co_await write(response, head.method == Method::head, keep);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_);
  shared_.handler->answered(route, head.method, response.status, took);
  if (!sent) co_return false;
  if (!keep) co_await linger();
  co_return keep;
}

/// Sends a refusal that the head alone has caused. A small body is read and dropped, so that the
/// connection can serve another request.
asio::awaitable<bool> Connection::refuse(const Head& head, std::string_view route,
                                         const Response& response) {
  bool unread = !parser_->is_done();
  const auto length = announced_octets();
  const bool waits = parser_->get().count(boost::beast::http::field::expect) > 0;
  if (unread && !waits && length && *length <= shared_.limits.body_bytes) {
    const Reading reading = co_await read_body();
    if (reading == Reading::ended) co_return false;
    unread = reading == Reading::failed;
  }
  co_return co_await send_answer(head, route, response, unread);
}

asio::awaitable<bool> Connection::send_continue(const Head& head) {
  if (head.field("Expect").empty() || in_.size() > 0 || parser_->get().version() < 11)
    co_return true;
  out_ = "HTTP/1.1 100 Continue\r\n\r\n";
  co_return co_await flush();
}

void Connection::compose_head(const Response& response, bool keep) {
  out_ = "HTTP/1.1 ";
  out_ += std::to_string(response.status);
  out_ += ' ';
  out_ += reason_phrase(response.status);
  out_ += "\r\n";
  out_ += shared_.date;
  if (!keep) {
    out_ += "Connection: close\r\n";
  } else if (parser_ && parser_->get().version() < 11) {
    out_ += "Connection: keep-alive\r\n";
  }
  for (const auto& [field, value] : response.headers) {
    out_ += field;
    out_ += ": ";
    out_ += value;
    out_ += "\r\n";
  }
  if (response.status == 204) return;
  out_ += "Content-Type: ";
  out_ += response.content_type;
  out_ += "\r\n";
}

asio::awaitable<bool> Connection::write(const Response& response, bool head_only, bool keep) {
  compose_head(response, keep);
  if (response.status != 204) {
    out_ += "Content-Length: ";
    out_ += std::to_string(response.body.size());
    out_ += "\r\n";
  }
  out_ += "\r\n";
  if (!head_only && response.status != 204) out_ += response.body;
  co_return co_await flush();
}

/// Writes out_. Most answers fit in the socket's buffer and are written without a wait.
asio::awaitable<bool> Connection::flush() {
  std::size_t sent = 0;
  while (sent < out_.size()) {
    error_code error;
    const auto rest = asio::buffer(out_.data() + sent, out_.size() - sent);
    sent += socket_.write_some(rest, error);
    if (error == asio::error::would_block) {
      auto token = asio::redirect_error(asio::use_awaitable, error);
      sent += co_await socket_.async_write_some(rest, token);
    }
    if (error) co_return false;
  }
  co_return true;
}

/// Ends the server's side of the connection and drops all octets that still come, because closing
/// with unread octets resets the connection and the client may never see the answer (RFC 9112
/// §9.6).
asio::awaitable<void> Connection::linger() {
  phase_ = Phase::ending;
  deadline_in(shared_.stopping ? std::min(linger_when_stopping, shared_.limits.linger_time)
                               : shared_.limits.linger_time);
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  timed_out_ = false;
  std::size_t dropped = 0;
  while (!peer_ended_ && dropped < shared_.limits.discard_bytes) {
    in_.consume(in_.size());
    const bool more = co_await fill(body_read);
    if (!more) break;
    dropped += in_.size();
  }
}

}  // namespace postrider::adapters::http
