// A work queue that keeps the offered items. Thread-safe.
#pragma once

#include <vector>

#include "concurrency/mutex.hpp"
#include "ports/work_queue.hpp"

namespace postrider::doubles {

class FakeWorkQueue final : public ports::WorkQueue {
 public:
  void offer(std::span<const Item> items) override {
    const concurrency::Lock lock{mutex_};
    items_.insert(items_.end(), items.begin(), items.end());
  }

  std::vector<Item> offered() const {
    const concurrency::Lock lock{mutex_};
    return items_;
  }

  void clear() {
    const concurrency::Lock lock{mutex_};
    items_.clear();
  }

 private:
  mutable concurrency::Mutex mutex_;
  std::vector<Item> items_ GUARDED_BY(mutex_);
};

}  // namespace postrider::doubles
