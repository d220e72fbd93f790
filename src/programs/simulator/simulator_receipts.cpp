#include "programs/simulator/simulator_receipts.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/http_carrier/signature.hpp"
#include "domain/delivery/attempt.hpp"
#include "message/json/order_event_json.hpp"
#include "programs/system_clock.hpp"

namespace postrider::programs {
namespace {

constexpr std::size_t max_receipts = 500;  // about 100 KiB, well below the service's body limit
constexpr std::chrono::milliseconds first_wait{100};
constexpr std::chrono::milliseconds longest_wait{1'000};
constexpr long post_timeout_ms = 10'000;

std::size_t drop_answer(char*, std::size_t size, std::size_t count, void*) { return size * count; }

}  // namespace

/// The poster: a handle of libcurl, the URL and the signing key.
struct SimulatorReceipts::Post {
  std::string url;
  std::string key;
  std::uint64_t posts = 0;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(), curl_easy_cleanup};

  std::string body_of(const std::vector<Waiting>& receipts) const {
    auto array = nlohmann::json::array();
    const std::string at = message::format_timestamp(wall_now());
    for (const auto& waiting : receipts)
      array.push_back({{"message_id", waiting.message_id},
                       {"status", domain::name(waiting.receipt.outcome)},
                       {"detail", waiting.receipt.detail},
                       {"at", at},
                       {"segments", waiting.segments},
                       {"proof", domain::name(waiting.receipt.proof)}});
    return array.dump();
  }

  /// Posts one batch. True when the service has taken it (2xx).
  bool operator()(const std::string& body) {
    using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
    List headers{curl_slist_append(nullptr, "Content-Type: application/json"), curl_slist_free_all};
    const auto add = [&headers](const std::string& line) {
      curl_slist_append(headers.get(), line.c_str());
    };
    add("Expect:");
    if (!key.empty()) {
      const std::string id =
          "sim_" + std::to_string(domain::to_unix_ms(wall_now())) + "_" + std::to_string(++posts);
      const std::int64_t timestamp = domain::to_unix_ms(wall_now()) / 1000;
      add("webhook-id: " + id);
      add("webhook-timestamp: " + std::to_string(timestamp));
      add("webhook-signature: " + adapters::http_carrier::sign(key, id, timestamp, body));
    }
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, post_timeout_ms);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, drop_answer);
    long status = 0;
    if (curl_easy_perform(curl.get()) != CURLE_OK) return false;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
  }
};

SimulatorReceipts::SimulatorReceipts(std::string url, std::string key)
    : post_{std::make_unique<Post>()} {
  post_->url = std::move(url);
  post_->key = std::move(key);
  thread_ = std::thread{[this] { run(); }};
}

SimulatorReceipts::~SimulatorReceipts() {
  {
    const concurrency::Lock lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SimulatorReceipts::add(const std::string& message_id, int segments,
                            const adapters::simulator::PlannedReceipt& receipt) {
  if (post_->url.empty()) return;
  const auto due = Steady::now() + receipt.delay;
  {
    const concurrency::Lock lock{mutex_};
    waiting_.push({due, ++added_, message_id, segments, receipt});
  }
  changed_.notify_one();
}

/// Blocks until receipts are due, and takes them; none when stopping.
std::vector<SimulatorReceipts::Waiting> SimulatorReceipts::take_due(concurrency::Lock& lock) {
  std::vector<Waiting> due;
  while (!stopping_) {
    const auto time = Steady::now();
    while (!waiting_.empty() && waiting_.top().due <= time && due.size() < max_receipts) {
      due.push_back(waiting_.top());
      waiting_.pop();
    }
    if (!due.empty()) return due;
    if (waiting_.empty()) {
      changed_.wait(lock);
    } else {
      const auto next = waiting_.top().due;
      changed_.wait_until(lock, next);
    }
  }
  return {};
}

void SimulatorReceipts::run() {
  concurrency::Lock lock{mutex_};
  while (!stopping_) {
    const auto due = take_due(lock);
    if (due.empty()) return;
    auto wait = first_wait;
    lock.unlock();
    const std::string body = post_->body_of(due);
    while (!(*post_)(body)) {
      lock.lock();
      changed_.wait_for(lock, wait, [this]() REQUIRES(mutex_) { return stopping_; });
      if (stopping_) return;
      lock.unlock();
      wait = std::min(2 * wait, longest_wait);
    }
    lock.lock();
  }
}

}  // namespace postrider::programs
