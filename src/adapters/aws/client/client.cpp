#include "adapters/aws/client/client.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <thread>

#include "adapters/aws/client/credentials.hpp"
#include "adapters/aws/client/exchange.hpp"
#include "wire/connection_pool.hpp"

namespace postrider::adapters::aws::client {
namespace {

namespace asio = wire::asio;
using Steady = std::chrono::steady_clock;
using domain::Milliseconds;

// Servers keep idle connections for a minute or more; Lambda's runtime forgets them after a freeze.
constexpr Milliseconds idle{20'000};
constexpr std::uint64_t max_octets = 20 * 1024 * 1024;  // BatchGetItem answers up to 16 MB
constexpr Milliseconds first_backoff{50};
// Refreshed so long before they end, as the SDKs do.
constexpr std::chrono::minutes refresh_before{10};

/// What call() waits for. Shared, because the io thread may still hold it when call() returns.
struct Batch {
  std::span<const Call> calls;
  Credentials credentials;
  std::vector<Reply> replies;
  std::size_t left = 0;
  std::mutex mutex;
  std::condition_variable done;
};

struct Job {
  std::shared_ptr<Batch> batch;
  std::size_t index = 0;
};

Milliseconds left_until(const std::atomic<Steady::duration::rep>& stop) {
  const Steady::time_point until{Steady::duration{stop.load()}};
  if (until == Steady::time_point::max()) return std::chrono::hours{1};
  return std::chrono::duration_cast<Milliseconds>(until - Steady::now());
}

bool ends_early(const Call& call) { return call.service.reaches_people || call.leads_to_message; }

bool needs_tls(const Settings& settings) {
  const auto is_plain = [](const std::string& url) { return url.starts_with("http://"); };
  if (!is_plain(settings.endpoint) || settings.credentials.url.starts_with("https://")) return true;
  for (const auto& [service, url] : settings.endpoints)
    if (!is_plain(url)) return true;
  return false;
}

bool is_expired_token(const Reply& reply) {
  const auto* refusal = std::get_if<Refusal>(&reply);
  return refusal != nullptr &&
         (refusal->code == "ExpiredTokenException" || refusal->code == "ExpiredToken");
}

}  // namespace

class Client::Core {
 public:
  Core(Settings settings, ports::Clock& clock);
  ~Core();

  std::vector<Reply> call(std::span<const Call> calls);

  const Settings settings_;
  Observer observer_;
  std::atomic<Steady::duration::rep> stop_messages_at_{Steady::duration::max().count()};
  std::atomic<Steady::duration::rep> stop_at_{Steady::duration::max().count()};
  std::atomic<bool> forget_{false};

 private:
  std::variant<Credentials, std::string> credentials();
  std::vector<Reply> call_with(const Credentials& credentials, std::span<const Call> calls);
  asio::awaitable<void> work();
  asio::awaitable<Reply> carry(const Call& call, const Credentials& credentials, int& tries);
  void tell(const Call& call, domain::TimePoint began, int tries, const Reply& reply) const;
  asio::awaitable<Ending> once(const Call& call, const Credentials& credentials);
  wire::ConnectionPool* pool_of(const Service& service);
  Milliseconds time_to_begin(const Call& call) const;
  Milliseconds time_to_end(const Call& call) const;

  ports::Clock& clock_;
  std::mutex credentials_mutex_;
  std::optional<Lent> lent_;

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep_running_{io_.get_executor()};
  wire::TlsContext tls_;
  // Of the io thread alone:
  std::map<std::string_view, wire::ConnectionPool> pools_;  // by Service::id
  std::deque<Job> jobs_;
  int workers_ = 0;
  std::minstd_rand random_{std::random_device{}()};

  std::thread thread_;
};

Client::Core::Core(Settings settings, ports::Clock& clock)
    : settings_{std::move(settings)}, clock_{clock}, tls_{settings_.ca_bundle} {
  if (needs_tls(settings_) && tls_.get() == nullptr)
    throw std::runtime_error("AWS_CA_BUNDLE: the certificate authorities can't be read");
  thread_ = std::thread{[this] { io_.run(); }};
}

Client::Core::~Core() {
  keep_running_.reset();
  io_.stop();
  thread_.join();
}

std::vector<Reply> Client::Core::call(std::span<const Call> calls) {
  if (calls.empty()) return {};
  const auto first = credentials();
  if (const auto* problem = std::get_if<std::string>(&first))
    return std::vector<Reply>(calls.size(), NoReply{*problem, true});
  auto replies = call_with(std::get<Credentials>(first), calls);
  if (settings_.credentials.kind == CredentialSource::Kind::environment) return replies;
  std::vector<std::size_t> expired;
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (calls[i].repeat != Repeat::never && is_expired_token(replies[i])) expired.push_back(i);
  if (expired.empty()) return replies;
  {
    const std::lock_guard lock{credentials_mutex_};
    lent_.reset();
  }
  const auto fresh = credentials();
  if (!std::holds_alternative<Credentials>(fresh)) return replies;
  std::vector<Call> again;
  for (const auto i : expired) again.push_back(calls[i]);
  auto second = call_with(std::get<Credentials>(fresh), again);
  for (std::size_t i = 0; i < expired.size(); ++i) replies[expired[i]] = std::move(second[i]);
  return replies;
}

std::variant<Credentials, std::string> Client::Core::credentials() {
  const std::lock_guard lock{credentials_mutex_};
  const auto now = clock_.now();
  if (lent_ && (!lent_->until || *lent_->until - now > refresh_before)) return lent_->credentials;
  auto asked = asio::co_spawn(
      io_, [this] { return fetch_credentials(io_, tls_, settings_.credentials); },
      asio::use_future);
  auto fetched = asked.get();
  if (auto* fresh = std::get_if<Lent>(&fetched)) {
    lent_ = std::move(*fresh);
    return lent_->credentials;
  }
  if (lent_ && *lent_->until > now) return lent_->credentials;  // the old ones are still good
  return "credentials:" + std::get<std::string>(fetched);
}

std::vector<Reply> Client::Core::call_with(const Credentials& credentials,
                                           std::span<const Call> calls) {
  auto batch = std::make_shared<Batch>();
  batch->calls = calls;
  batch->credentials = credentials;
  batch->replies.assign(calls.size(), NoReply{"internal", false});
  batch->left = calls.size();
  asio::post(io_, [this, batch] {
    for (std::size_t i = 0; i < batch->calls.size(); ++i) jobs_.push_back({batch, i});
    const auto wanted = std::min(jobs_.size(), static_cast<std::size_t>(settings_.concurrency));
    for (; workers_ < static_cast<int>(wanted); ++workers_)
      asio::co_spawn(
          io_, [this] { return work(); }, asio::detached);
  });
  std::unique_lock lock{batch->mutex};
  batch->done.wait(lock, [&batch] { return batch->left == 0; });
  return std::move(batch->replies);
}

asio::awaitable<void> Client::Core::work() {
  while (!jobs_.empty()) {
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    Reply reply = NoReply{"internal", false};
    const auto& call = job.batch->calls[job.index];
    const auto began = clock_.now();
    int tries = 0;
    try {
      reply = co_await carry(call, job.batch->credentials, tries);
    } catch (const std::exception&) {
      // Out of memory or the like: whether a byte went out is not known here.
    }
    tell(call, began, tries, reply);
    const std::lock_guard lock{job.batch->mutex};
    job.batch->replies[job.index] = std::move(reply);
    if (--job.batch->left == 0) job.batch->done.notify_all();
  }
  --workers_;
}

void Client::Core::tell(const Call& call, domain::TimePoint began, int tries,
                        const Reply& reply) const {
  if (!observer_) return;
  constexpr int ok = 200;
  const auto* refusal = std::get_if<Refusal>(&reply);
  const int status = std::holds_alternative<Answer>(reply) ? ok
                     : refusal != nullptr                  ? refusal->status
                                                           : 0;
  observer_({call.service, operation_of(call), began, clock_.now(), tries, status,
             refusal != nullptr && is_throttle(*refusal)});
}

asio::awaitable<Reply> Client::Core::carry(const Call& call, const Credentials& credentials,
                                           int& tries) {
  bool may_be_done = false;
  for (tries = 1;; ++tries) {
    if (time_to_begin(call) <= Milliseconds{0})
      co_return Reply{NoReply{"out_of_time", !may_be_done}};
    Ending ending = co_await once(call, credentials);
    const bool again = tries < settings_.tries && may_repeat(call.repeat, ending);
    Reply reply = reply_of(std::move(ending), may_be_done);
    if (!again) co_return reply;
    std::uniform_int_distribution<int> jitter{0, static_cast<int>(first_backoff.count())
                                                     << std::min(tries - 1, 10)};
    const Milliseconds wait =
        std::min({Milliseconds{jitter(random_)}, settings_.longest_backoff, time_to_begin(call)});
    asio::steady_timer timer{io_, wait};
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

asio::awaitable<Ending> Client::Core::once(const Call& call, const Credentials& credentials) {
  if (forget_.exchange(false))
    for (auto& [id, each] : pools_) each.forget_idle();
  auto* pool = pool_of(call.service);
  if (pool == nullptr) co_return Ending{wire::NoAnswer{"bad_endpoint", true}};
  auto connection = pool->take_idle();
  if (!connection) {
    const std::string problem = co_await pool->connect(connection, time_to_begin(call));
    // What the end of the time cut off says nothing about the line.
    if (time_to_begin(call) <= Milliseconds{0})
      co_return Ending{wire::NoAnswer{"out_of_time", true}};
    if (!problem.empty()) co_return Ending{wire::NoAnswer{problem, true}};
  }
  const auto left = std::min(settings_.answer_timeout, time_to_end(call));
  if (left <= Milliseconds{0}) co_return Ending{wire::NoAnswer{"out_of_time", true}};
  const std::string request =
      request_text(call, pool->url(), settings_.region, credentials, clock_.now());
  Ending ending = co_await connection->exchange(request, left);
  if (std::holds_alternative<wire::HttpAnswer>(ending)) pool->give_back(std::move(connection));
  co_return ending;
}

wire::ConnectionPool* Client::Core::pool_of(const Service& service) {
  const auto found = pools_.find(service.id);
  if (found != pools_.end()) return &found->second;
  const auto url = endpoint_of(settings_, service);
  if (!url) return nullptr;
  return &pools_
              .try_emplace(service.id, io_, tls_, *url,
                           wire::PoolSettings{settings_.connect_timeout, idle, max_octets})
              .first->second;
}

Milliseconds Client::Core::time_to_begin(const Call& call) const {
  return left_until(ends_early(call) ? stop_messages_at_ : stop_at_);
}

Milliseconds Client::Core::time_to_end(const Call& call) const {
  const auto all = left_until(stop_at_);
  if (!ends_early(call)) return all;
  const auto messages = left_until(stop_messages_at_);
  return messages + (all - messages) / 2;
}

Client::Client(Settings settings, ports::Clock& clock)
    : core_{std::make_unique<Core>(std::move(settings), clock)} {}
Client::~Client() = default;

std::vector<Reply> Client::call(std::span<const Call> batch) { return core_->call(batch); }

Reply Client::call(const Call& one) { return std::move(core_->call({&one, 1}).front()); }

void Client::observe(Observer observer) { core_->observer_ = std::move(observer); }

void Client::stop_at(Steady::time_point messages, Steady::time_point all) {
  core_->stop_messages_at_ = messages.time_since_epoch().count();
  core_->stop_at_ = all.time_since_epoch().count();
}

void Client::forget_connections() { core_->forget_ = true; }

const Settings& Client::settings() const { return core_->settings_; }

}  // namespace postrider::adapters::aws::client
