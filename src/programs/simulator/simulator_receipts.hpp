// The sender of the simulator's receipts: posts them to the service, batched and signed, and again
// until the service has taken them, because the service may be down. add() is thread-safe; a thread
// of its own posts. A receipt may be posted twice, as by a real carrier.
#pragma once

#include <cstdint>
#include <memory>
#include <queue>
#include <string>
#include <thread>
#include <vector>

#include "adapters/simulator/simulated_network.hpp"
#include "concurrency/mutex.hpp"

namespace postrider::programs {

class SimulatorReceipts {
 public:
  /// `url` empty: receipts are dropped. `key`: octets of the signing secret, empty: not signed.
  SimulatorReceipts(std::string url, std::string key);
  ~SimulatorReceipts();  // receipts that the service has not taken are lost
  SimulatorReceipts(const SimulatorReceipts&) = delete;
  SimulatorReceipts& operator=(const SimulatorReceipts&) = delete;

  /// Plans a receipt to be posted after its delay.
  void add(const std::string& message_id, int segments,
           const adapters::simulator::PlannedReceipt& receipt);

 private:
  using Steady = std::chrono::steady_clock;
  struct Waiting {
    Steady::time_point due;
    std::uint64_t order;
    std::string message_id;
    int segments;
    adapters::simulator::PlannedReceipt receipt;
  };
  struct Later {
    bool operator()(const Waiting& a, const Waiting& b) const {
      return a.due != b.due ? a.due > b.due : a.order > b.order;
    }
  };
  struct Post;

  void run();
  std::vector<Waiting> take_due(concurrency::Lock& lock) REQUIRES(mutex_);

  std::unique_ptr<Post> post_;
  concurrency::Mutex mutex_;
  concurrency::ConditionVariable changed_;
  std::priority_queue<Waiting, std::vector<Waiting>, Later> waiting_ GUARDED_BY(mutex_);
  std::uint64_t added_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace postrider::programs
