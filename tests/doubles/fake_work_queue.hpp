// A work queue that keeps the offered items. Thread-safe.
#pragma once

#include <mutex>
#include <vector>

#include "ports/work_queue.hpp"

namespace postrider::doubles {

class FakeWorkQueue final : public ports::WorkQueue {
 public:
  void offer(std::span<const Item> items) override {
    const std::lock_guard lock{mutex_};
    items_.insert(items_.end(), items.begin(), items.end());
  }

  std::vector<Item> offered() const {
    const std::lock_guard lock{mutex_};
    return items_;
  }

  void clear() {
    const std::lock_guard lock{mutex_};
    items_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Item> items_;
};

}  // namespace postrider::doubles
