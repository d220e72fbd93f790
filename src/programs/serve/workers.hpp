// The threads that carry batches on one machine, and the signal that wakes them. The due index of
// the store is the queue: an offer only says "look again", so losing one costs a second at most.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "concurrency/mutex.hpp"
#include "domain/result.hpp"
#include "pipeline/round.hpp"
#include "ports/telemetry.hpp"
#include "ports/work_queue.hpp"

namespace postrider::programs {

class WakeSignal final : public ports::WorkQueue {
 public:
  void offer(std::span<const Item> items) override;

  /// A number that grows with each offer for `channel`.
  std::uint64_t seen(domain::Channel channel) const;
  /// Returns when there was an offer since `since`, after `most`, or on stop().
  void wait(domain::Channel channel, std::uint64_t since, domain::Milliseconds most);
  void stop();
  bool stopping() const { return stopping_; }

 private:
  mutable concurrency::Mutex mutex_;
  concurrency::ConditionVariable changed_;
  std::array<std::uint64_t, 2> offers_ GUARDED_BY(mutex_){};
  std::atomic<bool> stopping_{false};
};

class Workers {
 public:
  using RoundFunction = std::function<domain::Result<pipeline::Round>()>;

  Workers(WakeSignal& signal, ports::Telemetry& telemetry)
      : signal_{signal}, telemetry_{telemetry} {}
  ~Workers() { stop(); }

  /// `threads` threads that each run `round` again and again until stop(). 0: none.
  void add(const std::string& name, domain::Channel channel, int threads,
           const RoundFunction& round);

  /// Each thread finishes the batch that it has claimed; returns when all have.
  void stop();

 private:
  void run(const std::string& name, domain::Channel channel, const RoundFunction& round);

  WakeSignal& signal_;
  ports::Telemetry& telemetry_;
  std::vector<std::thread> threads_;
};

}  // namespace postrider::programs
