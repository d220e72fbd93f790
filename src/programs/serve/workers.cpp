#include "programs/serve/workers.hpp"

#include <pthread.h>

#include <utility>

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
    for (std::size_t i = 0; i < touched.size(); ++i) seen_[i].offers += touched[i];
  }
  for (std::size_t i = 0; i < touched.size(); ++i)
    if (touched[i]) changed_[i].notify_all();
}

WakeSignal::Seen WakeSignal::seen(domain::Channel channel) const {
  const concurrency::Lock lock{mutex_};
  return seen_[index(channel)];
}

void WakeSignal::end_one(domain::Channel channel) {
  {
    const concurrency::Lock lock{mutex_};
    ++seen_[index(channel)].ended;
  }
  changed_[index(channel)].notify_all();
}

void WakeSignal::wait(domain::Channel channel, const Seen& since, domain::Milliseconds max_wait,
                      For what) {
  concurrency::Lock lock{mutex_};
  changed_[index(channel)].wait_for(lock, max_wait, [&]() REQUIRES(mutex_) {
    const auto& now = seen_[index(channel)];
    return stopping_ || now.ended != since.ended ||
           (what == For::offer && now.offers != since.offers);
  });
}

void WakeSignal::stop() {
  {
    const concurrency::Lock lock{mutex_};
    stopping_ = true;
  }
  for (auto& changed : changed_) changed.notify_all();
}

void Workers::add(const std::string& name, domain::Channel channel, int threads,
                  const RoundFunction& round) {
  for (int i = 0; i < threads; ++i)
    threads_.emplace_back([this, name, channel, round] { run(name, channel, round); });
}

void Workers::run(const std::string& name, domain::Channel channel, const RoundFunction& round) {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
  while (!signal_.stopping()) {
    auto since = signal_.seen(channel);
    const auto done = round();
    if (!done) {
      telemetry_.log(ports::Level::error, "round_failed", {{ports::Field::code, name}});
      signal_.wait(channel, signal_.seen(channel), failure_wait);
    } else if (done->handled > 0 && std::cmp_equal(done->failed.size(), done->handled)) {
      // The store names each of them and leaves it alone; the pause bounds what is still to come.
      signal_.wait(channel, signal_.seen(channel), failure_wait);
    } else if (done->for_place) {
      signal_.wait(channel, since, done->wait, WakeSignal::For::place);
    } else if (done->wait.count() > 0) {
      // An idle worker is woken by an offer. A worker that the rate or the breaker holds back is
      // not, because it could not send before the time anyway.
      const bool idle = done->handled == 0 && done->wait.count() >= 1000;
      if (!idle) since.offers = signal_.seen(channel).offers;
      signal_.wait(channel, since, done->wait);
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
