#include "adapters/aws/client/client.hpp"

#include <openssl/crypto.h>

#include <atomic>
#include <random>
#include <stdexcept>

#include "adapters/aws/client/credentials.hpp"
#include "adapters/aws/client/exchange.hpp"
#include "concurrency/mutex.hpp"
#include "wire/batch_runner.hpp"
#include "wire/connection_pool.hpp"

namespace postrider::adapters::aws::client {
namespace {

namespace asio = wire::asio;
using Steady = std::chrono::steady_clock;
using domain::Milliseconds;

// The longest wait of an idle connection. Servers keep theirs for a minute or more; after a freeze,
// Lambda's runtime calls forget_connections().
constexpr Milliseconds idle{20'000};
constexpr std::uint64_t max_octets = 20 * 1024 * 1024;  // BatchGetItem answers up to 16 MB
constexpr Milliseconds first_backoff{50};
// Credentials are refreshed this long before they end, as the SDKs do.
constexpr std::chrono::minutes refresh_before{10};

/// The reply of a call whose carrying threw: whether a byte of it went out is not known.
Reply unknown_reply() { return NoReply{"internal", false}; }

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
  return refusal != nullptr && stale(*refusal) == Stale::credentials;
}

// A difference from the server's clock that signatures bear: they are good for five minutes.
constexpr Milliseconds bearable_offset = std::chrono::minutes{1};

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
  std::variant<Credentials, std::string> credentials() EXCLUDES(credentials_mutex_);
  std::vector<Reply> call_with(const Credentials& credentials, std::span<const Call> calls);
  asio::awaitable<Reply> carry(const Call& call, const Credentials& credentials);
  asio::awaitable<Reply> try_until_done(const Call& call, const Credentials& credentials,
                                        int& tries);
  asio::awaitable<Ending> try_once(const Call& call, const Credentials& credentials);
  void learn_offset(const Ending& ending);
  void report(const Call& call, domain::TimePoint began, int tries, const Reply& reply) const;
  wire::ConnectionPool* pool_of(const Service& service);
  Milliseconds time_to_begin(const Call& call) const;
  Milliseconds time_to_end(const Call& call) const;

  ports::Clock& clock_;
  concurrency::Mutex credentials_mutex_;
  std::optional<Lent> lent_ GUARDED_BY(credentials_mutex_);

  wire::BatchRunner runner_;
  wire::TlsContext tls_;
  // Of the runner's io thread alone:
  std::map<std::string_view, wire::ConnectionPool> pools_;  // by Service::id
  Milliseconds offset_{0};  // of the server's clock from this process's
  std::minstd_rand random_{std::random_device{}()};
};

Client::Core::Core(Settings settings, ports::Clock& clock)
    : settings_{std::move(settings)},
      clock_{clock},
      runner_{settings_.concurrency},
      tls_{settings_.ca_bundle} {
  if (needs_tls(settings_) && tls_.get() == nullptr)
    throw std::runtime_error("AWS_CA_BUNDLE: the certificate authorities can't be read");
}

// The io thread ends before what it uses.
Client::Core::~Core() { runner_.stop(); }

std::vector<Reply> Client::Core::call(std::span<const Call> calls) {
  if (calls.empty()) return {};
  const auto first = credentials();
  if (const auto* problem = std::get_if<std::string>(&first))
    return std::vector<Reply>(calls.size(), NoReply{*problem, true});
  auto replies = call_with(std::get<Credentials>(first), calls);
  if (settings_.credentials.kind == CredentialSource::Kind::environment) return replies;
  std::vector<std::size_t> expired;
  for (std::size_t i = 0; i < replies.size(); ++i)
    if (is_expired_token(replies[i])) expired.push_back(i);
  if (expired.empty()) return replies;
  {
    const concurrency::Lock lock{credentials_mutex_};
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
  const concurrency::Lock lock{credentials_mutex_};
  const auto now = clock_.now();
  if (lent_ && (!lent_->until || *lent_->until - now > refresh_before)) return lent_->credentials;
  auto fetched = runner_.await(
      [this] { return fetch_credentials(runner_.io(), tls_, settings_.credentials); });
  if (auto* fresh = std::get_if<Lent>(&fetched)) {
    lent_ = std::move(*fresh);
    return lent_->credentials;
  }
  if (lent_ && *lent_->until > now)
    return lent_->credentials;  // the old credentials are still good
  return "credentials:" + std::get<std::string>(fetched);
}

std::vector<Reply> Client::Core::call_with(const Credentials& credentials,
                                           std::span<const Call> calls) {
  return runner_.run(calls, unknown_reply(), [this, &credentials](const Call& call, std::size_t) {
    return carry(call, credentials);
  });
}

asio::awaitable<Reply> Client::Core::carry(const Call& call, const Credentials& credentials) {
  const auto began = clock_.now();
  int tries = 0;
  Reply reply = unknown_reply();
  try {
    reply = co_await try_until_done(call, credentials, tries);
  } catch (const std::exception&) {
    // The reply stays unknown, and the observer has its report of this call too.
  }
  report(call, began, tries, reply);
  co_return reply;
}

void Client::Core::report(const Call& call, domain::TimePoint began, int tries,
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

asio::awaitable<Reply> Client::Core::try_until_done(const Call& call,
                                                    const Credentials& credentials, int& tries) {
  bool may_be_done = false, signed_anew = false;
  for (tries = 1;; ++tries) {
    if (time_to_begin(call) <= Milliseconds{0})
      co_return Reply{NoReply{"out_of_time", !may_be_done}};
    Ending ending = co_await try_once(call, credentials);
    // The request was too old, because this process stood still, or its clock is wrong. It was
    // refused before anything was done, so that a call that must not be repeated may be made anew.
    if (stale(ending) == Stale::clock && !std::exchange(signed_anew, true)) {
      learn_offset(ending);
      continue;
    }
    const bool again = tries < settings_.tries && may_repeat(call.repeat, ending);
    Reply reply = reply_of(std::move(ending), may_be_done);
    if (!again) co_return reply;
    std::uniform_int_distribution<int> jitter{0, static_cast<int>(first_backoff.count())
                                                     << std::min(tries - 1, 10)};
    const Milliseconds wait =
        std::min({Milliseconds{jitter(random_)}, settings_.longest_backoff, time_to_begin(call)});
    asio::steady_timer timer{runner_.io(), wait};
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

asio::awaitable<Ending> Client::Core::try_once(const Call& call, const Credentials& credentials) {
  if (forget_.exchange(false))
    for (auto& [id, each] : pools_) each.forget_idle();
  auto* pool = pool_of(call.service);
  if (pool == nullptr) co_return Ending{wire::NoAnswer{"bad_endpoint", true}};
  auto connection = pool->take_idle();
  if (!connection) {
    const std::string problem = co_await pool->connect(connection, time_to_begin(call));
    // A connecting that the end of the time cut off says nothing about the service.
    if (time_to_begin(call) <= Milliseconds{0})
      co_return Ending{wire::NoAnswer{"out_of_time", true}};
    if (!problem.empty()) co_return Ending{wire::NoAnswer{problem, true}};
  }
  const auto time_left = std::min(settings_.answer_timeout, time_to_end(call));
  if (time_left <= Milliseconds{0} || time_to_begin(call) <= Milliseconds{0})
    co_return Ending{wire::NoAnswer{"out_of_time", true}};
  const std::string request =
      request_text(call, pool->url(), settings_.region, credentials, clock_.now() + offset_);
  Ending ending = co_await connection->exchange(request, time_left);
  if (std::holds_alternative<wire::HttpAnswer>(ending)) pool->give_back(std::move(connection));
  co_return ending;
}

/// Takes the server's time where this process's own is wrong.
void Client::Core::learn_offset(const Ending& ending) {
  const auto offset = clock_offset(ending, clock_.now()).value_or(Milliseconds{0});
  offset_ = std::chrono::abs(offset) > bearable_offset ? offset : Milliseconds{0};
}

wire::ConnectionPool* Client::Core::pool_of(const Service& service) {
  const auto found = pools_.find(service.id);
  if (found != pools_.end()) return &found->second;
  const auto url = endpoint_of(settings_, service);
  if (!url) return nullptr;
  return &pools_
              .try_emplace(service.id, runner_.io(), tls_, *url,
                           wire::PoolSettings{settings_.connect_timeout, idle, max_octets})
              .first->second;
}

Milliseconds Client::Core::time_to_begin(const Call& call) const {
  const auto left = left_until(ends_early(call) ? stop_messages_at_ : stop_at_);
  return std::min<Milliseconds>(left, call.begin_before - clock_.now());
}

Milliseconds Client::Core::time_to_end(const Call& call) const {
  const auto whole = left_until(stop_at_);
  if (!ends_early(call)) return whole;
  const auto messages = left_until(stop_messages_at_);
  return messages + (whole - messages) / 2;
}

Client::Client(Settings settings, ports::Clock& clock)
    : core_{std::make_unique<Core>(std::move(settings), clock)} {
  // Not by the first signature: OpenSSL 3.0 never frees what a thread that ends has set up with it.
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
}
Client::~Client() = default;

std::vector<Reply> Client::call(std::span<const Call> batch) { return core_->call(batch); }

Reply Client::call(const Call& single) { return std::move(core_->call({&single, 1}).front()); }

void Client::observe(Observer observer) { core_->observer_ = std::move(observer); }

void Client::stop_at(Steady::time_point messages_until, Steady::time_point calls_until) {
  core_->stop_messages_at_ = messages_until.time_since_epoch().count();
  core_->stop_at_ = calls_until.time_since_epoch().count();
}

void Client::forget_connections() { core_->forget_ = true; }

const Settings& Client::settings() const { return core_->settings_; }

}  // namespace postrider::adapters::aws::client
