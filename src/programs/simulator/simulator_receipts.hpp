// Posts the simulator's receipts to the service: batched, signed, and again until the service has
// taken them, since it may be down or restarting. libcurl may post twice; receipts may come twice.
// add() is thread-safe; one thread of its own posts.
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
  ~SimulatorReceipts();  // what has not been taken by then is lost
  SimulatorReceipts(const SimulatorReceipts&) = delete;
  SimulatorReceipts& operator=(const SimulatorReceipts&) = delete;

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
