#include "adapters/http_carrier/sms_carrier.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "adapters/http_carrier/answer.hpp"
#include "adapters/http_carrier/signature.hpp"
#include "domain/pacer.hpp"
#include "wire/connection_pool.hpp"

namespace postrider::adapters::http_carrier {
namespace {

using boost::system::error_code;
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds rate_slack{15};  // less than the pacer's window has over 1 s

/// What submit() waits for. Shared, because the io thread may still hold it when submit() returns.
struct Batch {
  std::span<const ports::Sms> messages;
  Steady::time_point start_by;
  std::vector<ports::SmsOutcome> outcomes;
  std::size_t left = 0;
  std::mutex mutex;
  std::condition_variable done;
};

struct Job {
  std::shared_ptr<Batch> batch;
  std::size_t index = 0;
};

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
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> messages);
  std::string reach();

 private:
  using Connection = wire::ConnectionPool::Connection;

  std::string request_of(const ports::Sms& sms) const;
  asio::awaitable<void> work();
  asio::awaitable<ports::SmsOutcome> send(const ports::Sms& sms, Steady::time_point start_by);
  asio::awaitable<bool> turn(int parts, Steady::time_point start_by);
  static void finish(const Job& job, ports::SmsOutcome outcome);

  HttpCarrierSettings settings_;
  ports::Clock& clock_;
  std::string key_;

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep_running_{io_.get_executor()};
  wire::TlsContext tls_{settings_.ca_file};
  // Of the io thread alone:
  std::optional<wire::ConnectionPool> pool_;
  domain::Pacer pacer_;
  std::deque<Job> jobs_;
  int workers_ = 0;

  std::thread thread_;
};

HttpSmsCarrier::Client::Client(HttpCarrierSettings settings, ports::Clock& clock)
    : settings_{std::move(settings)}, clock_{clock}, pacer_{settings_.parts_per_second} {
  const auto url = wire::parse_url(settings_.url);
  if (!url) throw std::invalid_argument("carrier " + settings_.name + ": not an http(s) URL");
  for (const char c : settings_.authorization)
    if (c < ' ' || c > '~')
      throw std::invalid_argument("carrier " + settings_.name + ": bad authorization value");
  if (!settings_.secret.empty()) {
    const auto key = parse_secret(settings_.secret);
    if (!key) throw std::invalid_argument("carrier " + settings_.name + ": not a whsec_ secret");
    key_ = *key;
  }
  if (settings_.concurrency < 1)
    throw std::invalid_argument("carrier " + settings_.name + ": concurrency below 1");
  if ((url->tls || !settings_.ca_file.empty()) && tls_.get() == nullptr)
    throw std::runtime_error("carrier " + settings_.name + ": no certificate authorities");
  pool_.emplace(io_, tls_, *url,
                wire::PoolSettings{settings_.connect_timeout, settings_.idle, 64 * 1024});
  thread_ = std::thread{[this] { io_.run(); }};
}

HttpSmsCarrier::Client::~Client() {
  keep_running_.reset();
  io_.stop();
  thread_.join();
}

std::vector<ports::SmsOutcome> HttpSmsCarrier::Client::submit(
    std::span<const ports::Sms> messages) {
  if (messages.empty()) return {};
  auto batch = std::make_shared<Batch>();
  batch->messages = messages;
  batch->start_by = Steady::now() + settings_.batch_timeout;
  batch->outcomes.assign(messages.size(), ports::SmsUnknown{"internal"});
  batch->left = messages.size();
  asio::post(io_, [this, batch] {
    for (std::size_t i = 0; i < batch->messages.size(); ++i) jobs_.push_back({batch, i});
    const auto wanted = std::min(jobs_.size(), static_cast<std::size_t>(settings_.concurrency));
    for (; workers_ < static_cast<int>(wanted); ++workers_)
      asio::co_spawn(
          io_, [this] { return work(); }, asio::detached);
  });
  std::unique_lock lock{batch->mutex};
  batch->done.wait(lock, [&batch] { return batch->left == 0; });
  return std::move(batch->outcomes);
}

std::string HttpSmsCarrier::Client::reach() {
  auto opened = asio::co_spawn(
      io_,
      [this]() -> asio::awaitable<std::string> {
        Connection connection;
        co_return co_await pool_->connect(connection);
      },
      asio::use_future);
  return opened.get();
}

void HttpSmsCarrier::Client::finish(const Job& job, ports::SmsOutcome outcome) {
  const std::lock_guard lock{job.batch->mutex};
  job.batch->outcomes[job.index] = std::move(outcome);
  if (--job.batch->left == 0) job.batch->done.notify_all();
}

asio::awaitable<void> HttpSmsCarrier::Client::work() {
  while (!jobs_.empty()) {
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    ports::SmsOutcome outcome = ports::SmsUnknown{"internal"};
    if (Steady::now() >= job.batch->start_by) {
      outcome = ports::SmsNotBegun{};
    } else {
      try {
        outcome = co_await send(job.batch->messages[job.index], job.batch->start_by);
      } catch (const std::exception&) {
        // Out of memory or the like: whether a byte went out is not known here.
      }
    }
    finish(job, std::move(outcome));
  }
  --workers_;
}

/// Waits until the rate lets a message of `parts` go. False: that would be too late. Who wakes long
/// after its turn, because the machine stood still, takes a new one: it would meet those whose turn
/// is now.
asio::awaitable<bool> HttpSmsCarrier::Client::turn(int parts, Steady::time_point start_by) {
  auto now = Steady::now();
  while (const auto at = pacer_.book(std::max(parts, 1), now, start_by)) {
    if (*at > now) {
      asio::steady_timer timer{io_, *at};
      error_code ignored;
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      now = Steady::now();
    }
    if (now - *at <= rate_slack) co_return true;
  }
  co_return false;
}

asio::awaitable<ports::SmsOutcome> HttpSmsCarrier::Client::send(const ports::Sms& sms,
                                                                Steady::time_point start_by) {
  ports::SmsOutcome outcome = ports::SmsNotBegun{};
  bool may_go = co_await turn(sms.segments, start_by);
  if (!may_go) co_return outcome;
  Connection connection = pool_->take_idle();
  if (!connection) {
    const auto began = Steady::now();
    const std::string problem = co_await pool_->connect(connection);
    if (!problem.empty()) {
      outcome = ports::SmsUnreachable{problem};
      co_return outcome;
    }
    // What took long to connect has missed its turn.
    if (Steady::now() - began > rate_slack) {
      may_go = co_await turn(sms.segments, start_by);
      if (!may_go) co_return outcome;
    }
  }
  const std::string request = request_of(sms);
  const wire::HttpConnection::Exchange exchange =
      co_await connection->exchange(request, settings_.answer_timeout);
  if (const auto* none = std::get_if<wire::NoAnswer>(&exchange)) {
    if (none->nothing_written) {
      outcome = ports::SmsUnreachable{none->code};
    } else {
      outcome = ports::SmsUnknown{none->code};
    }
    co_return outcome;
  }
  outcome = outcome_of(std::get<wire::HttpAnswer>(exchange));
  pool_->give_back(std::move(connection));
  co_return outcome;
}

std::string HttpSmsCarrier::Client::request_of(const ports::Sms& sms) const {
  const std::string body = body_of(sms);
  std::string request = "POST " + pool_->url().target +
                        " HTTP/1.1\r\nHost: " + pool_->url().authority +
                        "\r\nUser-Agent: postrider\r\nAccept: application/json\r\n"
                        "Content-Type: application/json\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n";
  if (!settings_.authorization.empty())
    request += "Authorization: " + settings_.authorization + "\r\n";
  if (!key_.empty()) {
    const std::string id =
        "msg_" + domain::to_string(sms.reference) + "_" + std::to_string(sms.attempt_no);
    const std::int64_t timestamp = domain::to_unix_ms(clock_.now()) / 1000;
    request += "webhook-id: " + id + "\r\nwebhook-timestamp: " + std::to_string(timestamp) +
               "\r\nwebhook-signature: " + sign(key_, id, timestamp, body) + "\r\n";
  }
  return request + "\r\n" + body;
}

HttpSmsCarrier::HttpSmsCarrier(HttpCarrierSettings settings, ports::Clock& clock)
    : client_{std::make_unique<Client>(std::move(settings), clock)} {}
HttpSmsCarrier::~HttpSmsCarrier() = default;

std::string HttpSmsCarrier::name() const { return client_->name(); }

std::string HttpSmsCarrier::reach() { return client_->reach(); }

std::vector<ports::SmsOutcome> HttpSmsCarrier::submit(std::span<const ports::Sms> batch) {
  return client_->submit(batch);
}

}  // namespace postrider::adapters::http_carrier
