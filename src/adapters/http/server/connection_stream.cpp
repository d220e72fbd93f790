// The half of Connection that streams NDJSON: lines in, lines out, with bounded memory.
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>

#include "adapters/http/server/answer_stream.hpp"
#include "adapters/http/server/connection.hpp"
#include "adapters/http/server/line_splitter.hpp"
#include "adapters/http/server/problem.hpp"

namespace postrider::adapters::http {
namespace {

using boost::system::error_code;

constexpr std::size_t stream_read = 64 * 1024;

/// A place among the streams that are allowed at once.
struct StreamPlace {
  explicit StreamPlace(int& n) : count{n} { ++count; }
  ~StreamPlace() { --count; }
  StreamPlace(const StreamPlace&) = delete;
  StreamPlace& operator=(const StreamPlace&) = delete;
  int& count;
};

void send(AnswerStream& answer, std::string_view text, bool chunked) {
  if (chunked) {
    answer.write_chunk(text);
  } else {
    answer.write(text);
  }
}

}  // namespace

asio::awaitable<bool> Connection::serve_stream(const Head& head, std::string_view route,
                                               const StreamHandler& make_handler) {
  const auto& limits = shared_.limits;
  std::optional<Response> refusal;
  if (announced_octets().value_or(0) > limits.stream_bytes)
    refusal = http::refuse({.status = 413,
                            .code = "too_large",
                            .hint = "an NDJSON body may have 32 MiB; send it in parts"});
  if (shared_.streams >= limits.streams)
    refusal = http::refuse({.status = 503,
                            .code = "busy",
                            .hint = "too many NDJSON bodies are being read; send it later",
                            .retry_after = 2});
  if (refusal) co_return co_await refuse(head, route, *refusal);

  std::optional<StreamPlace> place{std::in_place, shared_.streams};
  if (parser_->chunked()) parser_->body_limit(limits.stream_bytes);
  phase_ = Phase::working;
  deadline_in(limits.stream_pause);
  stream_end_ = Clock::now() + limits.stream_time;
  const bool going = co_await send_continue(head);
  if (!going) co_return false;

  const bool chunked = parser_->get().version() >= 11;
  const Response first{.content_type = "application/x-ndjson", .body = {}, .headers = {}};
  compose_head(first, chunked && parser_->keep_alive());
  out_ += chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n";
  const auto answer = std::make_shared<AnswerStream>(socket_, shared_from_this(), [this] {
    if (deadline_ != Clock::time_point::max()) stream_deadline();
  });
  answer->write(out_);
  const auto handler = make_handler();
  const bool whole = co_await stream_lines(*handler, *answer, chunked);
  if (chunked) answer->write("0\r\n\r\n");
  stream_deadline();
  co_await answer->drain(0);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started_);
  shared_.handler->answered(route, head.method, 200, took);
  const bool keep = whole && chunked && parser_->keep_alive() && answer->good();
  place.reset();
  if (!keep) co_await linger();
  co_return keep;
}

void Connection::stream_deadline() {
  deadline_ = std::min(Clock::now() + shared_.limits.stream_pause, stream_end_);
}

/// Hands all lines to the handler and sends its answers. True: the body came to its end and each
/// line has its answer.
asio::awaitable<bool> Connection::stream_lines(LineHandler& handler, AnswerStream& answer,
                                               bool chunked) {
  LineSplitter splitter{shared_.limits.line_bytes};
  std::vector<Line> lines;
  std::string out;
  int unanswered = 0;
  for (bool more = true; more || unanswered > 0;) {
    if (unanswered == 0) {
      more = co_await next_slice(splitter, lines);
    } else {
      // No wait for more octets: the client may wait for its answer before it sends more.
      lines = more && answer.good() ? ready_slice(splitter) : std::vector<Line>{};
    }
    no_deadline();
    if (!lines.empty()) {
      co_await handler.take(lines);
      if (++unanswered < LineHandler::max_slices) continue;
    }
    if (unanswered == 0) continue;
    out.clear();
    co_await handler.answer(out);
    --unanswered;
    stream_deadline();
    send(answer, out, chunked);
    co_await answer.drain(shared_.limits.unread_bytes);
    more = more && answer.good();
  }
  if (!answer.good()) co_return false;
  if (parser_->is_done() && !parse_error_) co_return true;
  out.clear();
  const bool too_long = parse_error_ == boost::beast::http::error::body_limit;
  append_error_line(out, splitter.next_line(), too_long ? "too_large" : "incomplete_body", "",
                    too_long ? "an NDJSON body may have 32 MiB; send the rest again"
                             : "the body broke off here; send this line and the rest again");
  send(answer, out, chunked);
  co_return false;
}

/// Waits for the next lines; there are none only at the end of the body. False: no line follows.
asio::awaitable<bool> Connection::next_slice(LineSplitter& splitter, std::vector<Line>& lines) {
  for (;;) {
    lines = ready_slice(splitter);
    if (!lines.empty()) co_return true;
    if (parse_error_) co_return false;
    if (parser_->is_done()) {
      lines = splitter.take_last();
      co_return false;
    }
    stream_deadline();
    const bool more = co_await fill(stream_read);
    if (!more) co_return false;
  }
}

/// The next complete lines among the octets that are here already; may be none.
std::vector<Line> Connection::ready_slice(LineSplitter& splitter) {
  auto lines = splitter.take(shared_.limits.slice_lines);
  if (!lines.empty()) return lines;
  read_available();
  splitter.feed(parser_->get().body());
  return splitter.take(shared_.limits.slice_lines);
}

/// Reads the octets that the socket holds, without a wait, so that a fast client's slices are
/// large.
void Connection::read_available() {
  parse();
  while (!parse_error_ && !parser_->is_done() &&
         parser_->get().body().size() < shared_.limits.gather_bytes) {
    error_code error;
    const auto octets = socket_.read_some(in_.prepare(stream_read), error);
    if (error) return;  // an end of the connection shows again in fill()
    in_.commit(octets);
    parse();
  }
}

}  // namespace postrider::adapters::http
