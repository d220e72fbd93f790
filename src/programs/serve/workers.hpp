// The threads that carry batches on one machine, and the signal that wakes them. Both classes are
// thread-safe but for Workers::add() and stop(), which are for one thread. The queue is the due
// index of the store: an offer only makes a worker look again, so that a lost one costs a second.
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

/// The work queue of one machine: wakes the workers of a channel.
class WakeSignal final : public ports::WorkQueue {
 public:
  void offer(std::span<const Item> items) override;

  /// What has happened in a channel so far.
  struct Seen {
    std::uint64_t offers = 0;
    std::uint64_t ended = 0;  // messages that were under way
  };
  enum class For { offer, place };

  Seen seen(domain::Channel channel) const;
  /// A message that was under way has ended: its outcome waits to be recorded.
  void end_one(domain::Channel channel);
  /// Returns when a message has ended after `since` or there was an offer (which is no place),
  /// after `max_wait`, or on stop().
  void wait(domain::Channel channel, const Seen& since, domain::Milliseconds max_wait,
            For what = For::offer);
  /// Ends all waits, present and future.
  void stop();
  bool stopping() const { return stopping_; }

 private:
  mutable concurrency::Mutex mutex_;
  std::array<concurrency::ConditionVariable, 2> changed_;  // by channel
  std::array<Seen, 2> seen_ GUARDED_BY(mutex_){};
  std::atomic<bool> stopping_{false};
};

/// The worker threads.
class Workers {
 public:
  /// The work of one round: claims a batch and carries it.
  using RoundFunction = std::function<domain::Result<pipeline::Round>()>;

  Workers(WakeSignal& signal, ports::Telemetry& telemetry)
      : signal_{signal}, telemetry_{telemetry} {}
  ~Workers() { stop(); }

  /// Starts `threads` threads (0: none) that each run `round` again and again until stop().
  void add(const std::string& name, domain::Channel channel, int threads,
           const RoundFunction& round);

  /// Ends the threads: each finishes the batch that it has claimed. Returns when all have ended.
  void stop();

 private:
  void run(const std::string& name, domain::Channel channel, const RoundFunction& round);

  WakeSignal& signal_;
  ports::Telemetry& telemetry_;
  std::vector<std::thread> threads_;
};

}  // namespace postrider::programs
