#include "programs/serve/workers.hpp"

#include <pthread.h>

namespace postrider::programs {
namespace {

// The wait after a failure of the store: long enough to spare a full disk, short enough to go on
// soon after the failure has ended.
constexpr domain::Milliseconds failure_wait{250};

std::size_t index(domain::Channel channel) { return channel == domain::Channel::sms ? 0 : 1; }

}  // namespace

void WakeSignal::offer(std::span<const Item> items) {
  std::array<bool, 2> touched{};
  for (const Item& item : items) touched[index(item.channel)] = true;
  {
    const concurrency::Lock lock{mutex_};
    for (std::size_t i = 0; i < touched.size(); ++i) offers_[i] += touched[i];
  }
  changed_.notify_all();
}

std::uint64_t WakeSignal::offer_count(domain::Channel channel) const {
  const concurrency::Lock lock{mutex_};
  return offers_[index(channel)];
}

void WakeSignal::wait(domain::Channel channel, std::uint64_t since, domain::Milliseconds max_wait) {
  concurrency::Lock lock{mutex_};
  changed_.wait_for(lock, max_wait, [&]() REQUIRES(mutex_) {
    return stopping_ || offers_[index(channel)] != since;
  });
}

void WakeSignal::stop() {
  {
    const concurrency::Lock lock{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
}

void Workers::add(const std::string& name, domain::Channel channel, int threads,
                  const RoundFunction& round) {
  for (int i = 0; i < threads; ++i)
    threads_.emplace_back([this, name, channel, round] { run(name, channel, round); });
}

void Workers::run(const std::string& name, domain::Channel channel, const RoundFunction& round) {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
  while (!signal_.stopping()) {
    const auto since = signal_.offer_count(channel);
    const auto done = round();
    if (!done) {
      telemetry_.log(ports::Level::error, "round_failed", {{ports::Field::code, name}});
      signal_.wait(channel, signal_.offer_count(channel), failure_wait);
    } else if (done->wait.count() > 0) {
      // An idle worker is woken by an offer. A worker that the rate or the breaker holds back is
      // not, because it could not send before the time anyway.
      signal_.wait(
          channel,
          done->handled == 0 && done->wait.count() >= 1000 ? since : signal_.offer_count(channel),
          done->wait);
    }
  }
}

void Workers::stop() {
  signal_.stop();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
  threads_.clear();
}

}  // namespace postrider::programs
