#include "adapters/aws/lambda/runtime.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "message/redact.hpp"
#include "wire/connection_pool.hpp"

namespace postrider::adapters::aws::lambda {
namespace {

namespace asio = wire::asio;

const std::string base = "/2018-06-01/runtime/";
constexpr std::uint64_t max_octets = 16 * 1024 * 1024;  // a payload is 6 MB at most
constexpr domain::Milliseconds answer_timeout{10'000};
// The next invocation may be hours away, and the process be frozen meanwhile.
constexpr domain::Milliseconds next_timeout = std::chrono::hours{24};

domain::TimePoint deadline_in(std::string_view text) {
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return domain::from_unix_ms(ms);
}

std::string json_of(const InvocationError& error) {
  return nlohmann::json{{"errorMessage", error.message},
                        {"errorType", error.type},
                        {"stackTrace", nlohmann::json::array()}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

/// The connection to the runtime API on this host: plain HTTP, one request at a time.
class Runtime::Connection {
 public:
  explicit Connection(const std::string& api)
      : pool_{io_, tls_, url_of(api), {answer_timeout, std::chrono::hours{24}, max_octets}} {}

  std::optional<wire::HttpAnswer> get(const std::string& path) {
    return ask("GET " + path + " HTTP/1.1\r\nHost: " + pool_.url().authority + "\r\n\r\n",
               next_timeout);
  }

  /// True where the runtime API took the request.
  bool post(const std::string& path, const std::string& body, const std::string& headers = "") {
    const auto answer =
        ask("POST " + path + " HTTP/1.1\r\nHost: " + pool_.url().authority +
                "\r\nContent-Type: application/json\r\n" + headers +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
            answer_timeout);
    return answer && answer->status / 100 == 2;
  }

 private:
  static wire::Url url_of(const std::string& api) {
    return wire::parse_url("http://" + api).value_or(wire::Url{});
  }

  std::optional<wire::HttpAnswer> ask(const std::string& request, domain::Milliseconds timeout) {
    std::optional<wire::HttpAnswer> answer;
    asio::co_spawn(
        io_,
        [&]() -> asio::awaitable<void> {
          auto connection = pool_.take_idle();
          if (!connection) {
            const std::string problem = co_await pool_.connect(connection);
            if (!problem.empty()) co_return;
          }
          auto exchange = co_await connection->exchange(request, timeout);
          auto* got = std::get_if<wire::HttpAnswer>(&exchange);
          if (got == nullptr) co_return;
          answer = std::move(*got);
          pool_.give_back(std::move(connection));
        },
        asio::detached);
    io_.restart();
    io_.run();
    return answer;
  }

  asio::io_context io_{1};
  wire::TlsContext tls_;  // required, not used: this host has plain HTTP
  wire::ConnectionPool pool_;
};

Runtime::Runtime(const std::string& api) : connection_{std::make_unique<Connection>(api)} {}
Runtime::~Runtime() = default;

void Runtime::run(const Handler& handler) {
  while (true) {
    auto next = connection_->get(base + "invocation/next");
    if (!next || next->status != 200) return;
    Invocation invocation;
    invocation.request_id = next->header("lambda-runtime-aws-request-id");
    invocation.trace_id = next->header("lambda-runtime-trace-id");
    invocation.deadline = deadline_in(next->header("lambda-runtime-deadline-ms"));
    invocation.payload = std::move(next->body);
    InvocationResult result = InvocationError{"Postrider.Internal", "an exception"};
    try {
      result = handler(invocation);
    } catch (const std::exception& e) {
      // A library's error text may quote the value, so it is not passed on.
      result = InvocationError{"Postrider.Internal", message::redact(e.what())};
    }
    const std::string path = base + "invocation/" + invocation.request_id;
    if (const auto* answer = std::get_if<std::string>(&result)) {
      if (connection_->post(path + "/response", *answer)) continue;
      // The answer was too large or too late: the error reports at least that.
      result = InvocationError{"Postrider.AnswerRefused", "the runtime API took no answer"};
    }
    const auto& error = std::get<InvocationError>(result);
    if (!connection_->post(path + "/error", json_of(error),
                           "Lambda-Runtime-Function-Error-Type: " + error.type + "\r\n"))
      return;
  }
}

void Runtime::report_failed_start(const InvocationError& error) {
  connection_->post(base + "init/error", json_of(error),
                    "Lambda-Runtime-Function-Error-Type: " + error.type + "\r\n");
}

}  // namespace postrider::adapters::aws::lambda
