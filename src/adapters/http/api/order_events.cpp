// POST /v1/order-events: one event as JSON, or many as NDJSON. Answers are written without a JSON
// document, because this is the hot path.
#include <utility>

#include <list>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/http/api/resources.hpp"
#include "adapters/http/server/json_text.hpp"
#include "pipeline/bulk_intake.hpp"

namespace postrider::adapters::http {
namespace {

using message::FieldError;

constexpr std::string_view events_path = "/v1/order-events";
constexpr int retry_after_full_queue = 1;  // seconds
// A bulk request waits for room in the queue instead of being refused half-way.
constexpr std::chrono::milliseconds queue_pause{2};
constexpr std::chrono::seconds queue_patience{10};
constexpr std::size_t answer_bytes = 96;  // of the answer to an accepted line

Response queue_full() {
  return refuse({.status = 503,
                 .code = "unavailable",
                 .hint = "too many events wait to be stored; send it again later",
                 .retry_after = retry_after_full_queue});
}

void append_acceptance(std::string& out, const pipeline::Acceptance& accepted) {
  out += "\"notification_id\":\"";
  out += domain::to_string(accepted.id);
  out += "\",\"state\":\"";
  out += domain::name(accepted.state);
  out += accepted.duplicate ? "\",\"duplicate\":true}" : "\",\"duplicate\":false}";
}

Response answer_of(const IntakeAnswer& answer) {
  if (const auto* kind = std::get_if<domain::ErrorKind>(&answer))
    return refuse(domain::Error{
        *kind == domain::ErrorKind::invalid ? domain::ErrorKind::unavailable : *kind, {}});
  const auto& outcome = std::get<pipeline::IntakeOutcome>(answer);
  if (const auto* error = std::get_if<FieldError>(&outcome)) return refuse(*error);
  if (std::holds_alternative<ports::Unreadable>(outcome))
    return refuse(domain::Error{domain::ErrorKind::corrupt, {}});
  const auto& accepted = std::get<pipeline::Acceptance>(outcome);
  Response response;
  response.status = accepted.duplicate ? 200 : 202;
  response.body.reserve(128);
  response.body = '{';
  append_acceptance(response.body, accepted);
  return response;
}

/// The state that the JSON and the NDJSON form share. One a server; for the io thread alone.
struct OrderEvents {
  OrderEvents(const Services& s, Intake& i, Server& server)
      : telemetry{s.telemetry}, intake{i}, io{server.io()} {}

  ports::Telemetry& telemetry;
  Intake& intake;
  asio::io_context& io;
  message::JsonReader reader;
};

asio::awaitable<Response> take_event(OrderEvents& self, const pipeline::Origin& origin,
                                     Request& request) {
  auto parsed = self.reader.order_event(request.body);
  if (const auto* error = std::get_if<FieldError>(&parsed)) {
    self.telemetry.count(ports::Counter::events_refused, 1);
    co_return refuse(*error);
  }
  Intake::Group group;
  group.events.push_back({origin, std::move(std::get<domain::OrderEvent>(parsed))});
  if (!self.intake.submit(group)) co_return queue_full();
  co_await group.answered.wait();
  co_return answer_of(group.answers.front());
}

/// The handler of events as NDJSON: each slice is one group of the intake.
class EventLines final : public LineHandler {
 public:
  EventLines(std::shared_ptr<OrderEvents> shared, pipeline::Origin origin)
      : shared_{std::move(shared)}, origin_{std::move(origin)} {}

  asio::awaitable<void> take(std::span<const Line> lines) override {
    auto& slice = slices_.emplace_back(origin_);
    slice.lines.reserve(lines.size());
    for (const auto& line : lines) {
      slice.lines.push_back(line.number);
      if (line.too_long) {
        slice.intake.refuse({"line_too_long", "", "one event may have 256 KiB"});
      } else {
        slice.intake.add(shared_->reader, line.text);
      }
    }
    slice.group.events = slice.intake.take_events();
    const auto bad = lines.size() - slice.group.events.size();
    if (bad > 0)
      shared_->telemetry.count(ports::Counter::events_refused, static_cast<std::int64_t>(bad));
    if (slice.group.events.empty()) co_return;
    slice.queued = co_await submit(slice.group);
  }

  asio::awaitable<void> answer(std::string& out) override {
    auto& slice = slices_.front();
    if (slice.queued && slice.group.open > 0) co_await slice.group.answered.wait();
    out.reserve(out.size() + slice.lines.size() * answer_bytes);
    const auto answers = slice.intake.merge(std::move(slice.group.answers));
    for (std::size_t i = 0; i < answers.size(); ++i) append_answer(out, slice.lines[i], answers[i]);
    slices_.pop_front();
  }

 private:
  struct Slice {
    explicit Slice(const pipeline::Origin& origin) : intake{origin} {}
    pipeline::BulkIntake intake;
    Intake::Group group;
    std::vector<std::size_t> lines;  // numbers of the lines
    bool queued = false;
  };

  asio::awaitable<bool> submit(Intake::Group& group) {
    const auto until = std::chrono::steady_clock::now() + queue_patience;
    while (!shared_->intake.submit(group)) {
      if (std::chrono::steady_clock::now() > until) co_return false;
      asio::steady_timer pause{shared_->io, queue_pause};
      boost::system::error_code ignored;
      auto token = asio::redirect_error(asio::use_awaitable, ignored);
      co_await pause.async_wait(token);
    }
    co_return true;
  }

  static void append_answer(std::string& out, std::size_t line, const IntakeAnswer& answer) {
    if (const auto* kind = std::get_if<domain::ErrorKind>(&answer)) {
      const bool full = *kind == domain::ErrorKind::storage_full;
      const bool told = full || *kind == domain::ErrorKind::corrupt;
      const auto known = told ? *kind : domain::ErrorKind::unavailable;
      return append_error_line(out, line, code_of(known), "", hint_of(known));
    }
    const auto& outcome = std::get<pipeline::IntakeOutcome>(answer);
    if (const auto* error = std::get_if<FieldError>(&outcome))
      return append_error_line(out, line, error->code, error->pointer, error->hint);
    if (constexpr auto corrupt = domain::ErrorKind::corrupt;
        std::holds_alternative<ports::Unreadable>(outcome))
      return append_error_line(out, line, code_of(corrupt), "", hint_of(corrupt));
    out += "{\"line\":";
    out += std::to_string(line);
    out += ',';
    append_acceptance(out, std::get<pipeline::Acceptance>(outcome));
    out += '\n';
  }

  std::shared_ptr<OrderEvents> shared_;
  pipeline::Origin origin_;
  std::list<Slice> slices_;  // a list, because the intake keeps the addresses of the groups
};

}  // namespace

void add_order_events(Router& router, const Services& services, Intake& intake, Server& server) {
  auto shared = std::make_shared<OrderEvents>(services, intake, server);
  router.add_choice(
      Method::post, events_path, Access::key,
      [shared](const Head& head, const KeyInfo& key, const std::string&) -> Choice {
        pipeline::Origin origin{key.shop, key.mode};
        switch (media_of(head.field("Content-Type"))) {
          case Media::json:
            return {events_path,
                    AsyncHandler{[shared, origin = std::move(origin)](Request& request) {
                      return take_event(*shared, origin, request);
                    }}};
          case Media::ndjson:
            return {events_path, StreamHandler{[shared, origin = std::move(origin)] {
                      return std::make_unique<EventLines>(shared, origin);
                    }}};
          case Media::none:
          case Media::other: break;
        }
        return {events_path,
                unsupported_media(
                    "send one event as application/json or many as application/x-ndjson")};
      });
}

}  // namespace postrider::adapters::http
