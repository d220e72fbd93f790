// The carrier "simulator": a whole mobile network inside the process, for the first run, test mode,
// demo and benchmarks. submit() is thread-safe. One thread hands receipts to the sink; receipts
// that are not due yet when it stops are lost, as a network may lose them. For a carrier in a
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
  /// Called with 1 to `max_receipts` receipts, never twice at once by the carrier's own thread;
  /// early receipts come on the thread that submits, while it submits. Must not throw.
  using Sink = std::function<void(std::span<const domain::Receipt>)>;
  static constexpr std::size_t max_receipts = 1000;  // one commit takes them all
  /// More receipts than this waiting means that the sink does not keep up: submissions are
  /// throttled.
  static constexpr std::size_t max_waiting = 1'000'000;

  /// `clock` dates the receipts; waiting is done by the steady clock. `ledger` may be null.
  SimulatedSmsCarrier(NetworkSettings settings, ports::Clock& clock, Sink sink,
                      Ledger* ledger = nullptr, std::string name = "simulator");
  ~SimulatedSmsCarrier() override;
  SimulatedSmsCarrier(const SimulatedSmsCarrier&) = delete;
  SimulatedSmsCarrier& operator=(const SimulatedSmsCarrier&) = delete;

  std::string name() const override { return name_; }
  /// The messages of a batch are on their way at the same time: the call takes the longest latency
  /// of them, not the sum.
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch) override;

  /// Hands over what is due and stops the receipts; the sink is not called after it returns.
  void stop();
  std::size_t receipts_waiting() const;

 private:
  using Steady = std::chrono::steady_clock;
  struct Waiting {
    Steady::time_point due;
    std::uint64_t order;  // of equal times the first planned comes first
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
