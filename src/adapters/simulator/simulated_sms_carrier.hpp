// The carrier named "simulator": a whole mobile network inside the process, for the first run, test
// mode, demo and benchmarks. submit() is thread-safe. One thread hands receipts to the sink;
// receipts that are not due at stop() are lost, as a network may lose them. For a carrier in a
// process of its own see `postrider simulator`.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "adapters/simulator/ledger.hpp"
#include "adapters/simulator/simulated_network.hpp"
#include "concurrency/mutex.hpp"
#include "ports/clock.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::adapters::simulator {

class SimulatedSmsCarrier : public ports::SmsCarrier {
 public:
  /// A function that takes 1 to `max_receipts` receipts. The carrier's own thread calls it, and for
  /// early receipts also the thread that submits, during submit(). Must not throw.
  using Sink = std::function<void(std::span<const domain::Receipt>)>;
  static constexpr std::size_t max_receipts = 1000;  // the size of one commit
  /// While more receipts than this wait, the sink does not keep up, and submissions are throttled.
  static constexpr std::size_t max_waiting = 1'000'000;

  /// `clock` and `ledger` must outlive the carrier; `ledger` may be null. `clock` dates the
  /// receipts, but their delays are those of the steady clock.
  SimulatedSmsCarrier(NetworkSettings settings, ports::Clock& clock, Sink sink,
                      Ledger* ledger = nullptr, std::string name = "simulator");
  ~SimulatedSmsCarrier() override;
  SimulatedSmsCarrier(const SimulatedSmsCarrier&) = delete;
  SimulatedSmsCarrier& operator=(const SimulatedSmsCarrier&) = delete;

  std::string name() const override { return name_; }
  /// The outcomes of the messages, in order. The call takes as long as the longest latency, because
  /// the messages of a batch are submitted at the same time.
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch,
                                        domain::TimePoint until) override;
  int width() const override { return unlimited_width; }

  /// Hands over the receipts that are due and drops all others. The sink is not called after
  /// stop() has returned.
  void stop();
  std::size_t receipts_waiting() const;

 private:
  using Steady = std::chrono::steady_clock;
  struct Waiting {
    Steady::time_point due;
    std::uint64_t order;  // of planning, which decides between equal times
    domain::Receipt receipt;
  };
  struct Later {
    bool operator()(const Waiting& a, const Waiting& b) const {
      return a.due != b.due ? a.due > b.due : a.order > b.order;
    }
  };

  bool enter_ledger(std::span<const ports::Sms> batch, std::span<const Verdict> verdicts);
  std::vector<Verdict> judge(std::span<const ports::Sms> batch);
  domain::Receipt receipt_of(const ports::Sms& sms, const PlannedReceipt& planned) const;
  void hand_over_early(std::span<const ports::Sms> batch, std::span<const Verdict> verdicts);
  void plan(std::span<const ports::Sms> batch, std::span<const Verdict> verdicts);
  void run();

  SimulatedNetwork network_;
  ports::Clock& clock_;
  Sink sink_;
  Ledger* ledger_;
  std::string name_;

  mutable concurrency::Mutex mutex_;
  concurrency::ConditionVariable changed_;
  std::priority_queue<Waiting, std::vector<Waiting>, Later> waiting_ GUARDED_BY(mutex_);
  std::uint64_t planned_ GUARDED_BY(mutex_) = 0;
  PartsMeter meter_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace postrider::adapters::simulator
