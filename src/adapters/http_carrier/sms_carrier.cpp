#include "adapters/http_carrier/sms_carrier.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "adapters/http_carrier/answer.hpp"
#include "adapters/http_carrier/signature.hpp"
#include "domain/limits/pacer.hpp"
#include "wire/batch_runner.hpp"
#include "wire/connection_pool.hpp"

namespace postrider::adapters::http_carrier {
namespace {

using boost::system::error_code;
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;
using Ended = ports::SmsCarrier::Ended;

constexpr std::chrono::milliseconds rate_slack{15};  // less than the pacer's window has over 1 s
constexpr std::uint64_t max_octets = 64 * 1024;      // of an answer's body

/// The settings, where all of them can be used; throws std::invalid_argument where not.
HttpCarrierSettings usable(HttpCarrierSettings settings) {
  const auto refuse = [&settings](const std::string& problem) {
    throw std::invalid_argument("carrier " + settings.name + ": " + problem);
  };
  if (!wire::parse_url(settings.url)) refuse("not an http(s) URL");
  for (const char c : settings.authorization)
    if (c < ' ' || c > '~') refuse("bad authorization value");
  if (settings.concurrency < 1) refuse("concurrency below 1");
  return settings;
}

std::string body_of(const ports::Sms& sms) {
  const nlohmann::json body{
      {"to", sms.to},
      {"text", sms.text},
      {"sender_id", sms.sender_id},
      {"reference", domain::to_string(sms.reference)},
      {"attempt", sms.attempt_no},
      {"encoding", domain::name(sms.encoding)},
      {"segments", sms.segments},
      {"type", domain::name(sms.type)},
      {"validity_seconds", std::chrono::duration_cast<std::chrono::seconds>(sms.validity).count()}};
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

class HttpSmsCarrier::Client {
 public:
  Client(HttpCarrierSettings settings, ports::Clock& clock);
  ~Client();

  const std::string& name() const { return settings_.name; }
  int width() const { return settings_.concurrency; }
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> messages,
                                        domain::TimePoint until);
  void start(std::vector<ports::Sms> messages, domain::TimePoint until, Ended ended);
  std::string reach();

 private:
  using Connection = wire::ConnectionPool::Connection;

  std::string request_of(const ports::Sms& sms) const;
  /// The end of the time in which messages may be begun. The steady clock goes on where somebody
  /// sets the other one back; it stands still where the machine does, and the other one does not.
  struct Until {
    Steady::time_point steady;
    domain::TimePoint time;
  };
  Until begin_before(domain::TimePoint until) const;
  bool is_over(const Until& until) const {
    return Steady::now() >= until.steady || clock_.now() >= until.time;
  }
  /// A batch that was started.
  struct Flight {
    std::vector<ports::Sms> messages;
    Until until;
    Ended ended;
  };
  asio::awaitable<void> carry(const Flight& flight, std::size_t index);
  asio::awaitable<ports::SmsOutcome> send(const ports::Sms& sms, Until until);
  asio::awaitable<bool> wait_for_rate(int parts, Steady::time_point start_by);

  const HttpCarrierSettings settings_;
  ports::Clock& clock_;

  wire::BatchRunner runner_;
  wire::TlsContext tls_{settings_.ca_file};
  // Of the runner's io thread alone:
  wire::ConnectionPool pool_;
  domain::Pacer pacer_;
};

HttpSmsCarrier::Client::Client(HttpCarrierSettings settings, ports::Clock& clock)
    : settings_{usable(std::move(settings))},
      clock_{clock},
      runner_{settings_.concurrency},
      pool_{runner_.io(), tls_, *wire::parse_url(settings_.url),
            wire::PoolSettings{settings_.connect_timeout, settings_.idle, max_octets}},
      pacer_{settings_.parts_per_second} {
  if ((pool_.url().tls || !settings_.ca_file.empty()) && tls_.get() == nullptr)
    throw std::runtime_error("carrier " + settings_.name + ": no certificate authorities");
}

// The io thread ends before the pool and the pacer that it uses are destroyed.
HttpSmsCarrier::Client::~Client() { runner_.stop(); }

std::vector<ports::SmsOutcome> HttpSmsCarrier::Client::submit(std::span<const ports::Sms> messages,
                                                              domain::TimePoint until) {
  const ports::SmsOutcome unknown = ports::SmsFailed{domain::Fault::unknown, "internal"};
  const auto time = begin_before(until);
  return runner_.run(messages, unknown,
                     [this, time](const ports::Sms& sms, std::size_t) { return send(sms, time); });
}

void HttpSmsCarrier::Client::start(std::vector<ports::Sms> messages, domain::TimePoint until,
                                   Ended ended) {
  const auto count = messages.size();
  const auto flight = std::make_shared<const Flight>(
      Flight{std::move(messages), begin_before(until), std::move(ended)});
  runner_.start(count, [this, flight](std::size_t index) { return carry(*flight, index); });
}

asio::awaitable<void> HttpSmsCarrier::Client::carry(const Flight& flight, std::size_t index) {
  ports::SmsOutcome outcome = ports::SmsFailed{domain::Fault::unknown, "internal"};
  try {
    outcome = co_await send(flight.messages[index], flight.until);
  } catch (const std::exception&) {
    // Whether a byte went out is not known.
  }
  flight.ended(index, std::move(outcome));
}

HttpSmsCarrier::Client::Until HttpSmsCarrier::Client::begin_before(domain::TimePoint until) const {
  const auto left = std::min<domain::Milliseconds>(settings_.batch_timeout, until - clock_.now());
  return {Steady::now() + left, until};
}

std::string HttpSmsCarrier::Client::reach() {
  return runner_.await([this]() -> asio::awaitable<std::string> {
    Connection connection;
    auto problem = co_await pool_.connect(connection);
    if (problem.empty()) pool_.give_back(std::move(connection));
    co_return problem;
  });
}

/// Waits until the rate lets a message of `parts` go. False: that would be after `start_by`. A
/// message that wakes long after its turn, because the machine stood still, books a new turn: it
/// would otherwise go together with the messages whose turn is now.
asio::awaitable<bool> HttpSmsCarrier::Client::wait_for_rate(int parts,
                                                            Steady::time_point start_by) {
  auto now = Steady::now();
  while (const auto at = pacer_.book(std::max(parts, 1), now, start_by)) {
    if (*at > now) {
      asio::steady_timer timer{runner_.io(), *at};
      error_code ignored;
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      now = Steady::now();
    }
    if (now - *at <= rate_slack) co_return true;
  }
  co_return false;
}

asio::awaitable<ports::SmsOutcome> HttpSmsCarrier::Client::send(const ports::Sms& sms,
                                                                Until until) {
  ports::SmsOutcome outcome = ports::SmsNotBegun{};
  if (is_over(until)) co_return outcome;
  bool may_go = co_await wait_for_rate(sms.segments, until.steady);
  if (!may_go) co_return outcome;
  Connection connection = pool_.take_idle();
  if (!connection) {
    const auto began = Steady::now();
    const std::string problem = co_await pool_.connect(connection);
    if (!problem.empty()) {
      outcome = ports::SmsFailed{domain::Fault::server, problem};
      co_return outcome;
    }
    // A message whose connecting took long has missed its turn.
    if (Steady::now() - began > rate_slack) {
      may_go = co_await wait_for_rate(sms.segments, until.steady);
      if (!may_go) co_return outcome;
    }
  }
  if (is_over(until)) {
    pool_.give_back(std::move(connection));
    co_return outcome;
  }
  const std::string request = request_of(sms);
  const wire::HttpConnection::Exchange exchange =
      co_await connection->exchange(request, settings_.answer_timeout);
  if (const auto* none = std::get_if<wire::NoAnswer>(&exchange)) {
    outcome = outcome_of(*none);
    co_return outcome;
  }
  outcome = outcome_of(std::get<wire::HttpAnswer>(exchange), clock_.now());
  pool_.give_back(std::move(connection));
  co_return outcome;
}

std::string HttpSmsCarrier::Client::request_of(const ports::Sms& sms) const {
  const std::string body = body_of(sms);
  std::string request = "POST " + pool_.url().target +
                        " HTTP/1.1\r\nHost: " + pool_.url().authority +
                        "\r\nUser-Agent: postrider\r\nAccept: application/json\r\n"
                        "Content-Type: application/json\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n";
  if (!settings_.authorization.empty())
    request += "Authorization: " + settings_.authorization + "\r\n";
  const auto keys = settings_.keys ? settings_.keys->all() : std::vector<std::string>{};
  if (!keys.empty()) {
    const std::string id =
        "msg_" + domain::to_string(sms.reference) + "_" + std::to_string(sms.attempt_no);
    const std::int64_t timestamp = domain::to_unix_ms(clock_.now()) / 1000;
    request += "webhook-id: " + id + "\r\nwebhook-timestamp: " + std::to_string(timestamp) +
               "\r\nwebhook-signature:";
    for (const auto& key : keys) request += " " + sign(key, id, timestamp, body);
    request += "\r\n";
  }
  return request + "\r\n" + body;
}

HttpSmsCarrier::HttpSmsCarrier(HttpCarrierSettings settings, ports::Clock& clock)
    : client_{std::make_unique<Client>(std::move(settings), clock)} {}
HttpSmsCarrier::~HttpSmsCarrier() = default;

std::string HttpSmsCarrier::name() const { return client_->name(); }

std::string HttpSmsCarrier::reach() { return client_->reach(); }

int HttpSmsCarrier::width() const { return client_->width(); }

void HttpSmsCarrier::start(std::vector<ports::Sms> batch, domain::TimePoint until, Ended ended) {
  client_->start(std::move(batch), until, std::move(ended));
}

std::vector<ports::SmsOutcome> HttpSmsCarrier::submit(std::span<const ports::Sms> batch,
                                                      domain::TimePoint until) {
  return client_->submit(batch, until);
}

}  // namespace postrider::adapters::http_carrier
