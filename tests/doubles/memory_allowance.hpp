// Allowance over MemoryWorld, for tests: the same rule as the real one (never more than the limit
// in any second), counted the slow way. Thread-safe.
#pragma once

#include <algorithm>
#include <deque>

#include "doubles/memory_world.hpp"
#include "ports/allowance.hpp"

namespace postrider::doubles {

class MemoryAllowance final : public ports::Allowance {
 public:
  /// `parts_per_second` 0: no limit.
  MemoryAllowance(MemoryWorld& world, int parts_per_second)
      : world_{world}, limit_{parts_per_second} {}

  domain::Result<domain::PartsGrant> take_parts(int min, int max, domain::TimePoint now) override {
    const concurrency::Lock lock{world_.mutex};
    if (limit_ == 0) return domain::PartsGrant{max, {}};
    while (!taken_.empty() && taken_.front() + window <= now) taken_.pop_front();
    const int free = limit_ - static_cast<int>(taken_.size());
    const bool longer_than_limit = min > limit_ && taken_.empty();
    const int parts = longer_than_limit ? min : free < min ? 0 : std::min(free, max);
    // A message longer than the limit counts in as many windows as it would have taken.
    for (int i = 0; i < parts; ++i) taken_.push_back(now + window * (i / limit_));
    if (parts == max) return domain::PartsGrant{parts, {}};
    return domain::PartsGrant{parts, taken_.front() + window - now};
  }

  domain::Result<domain::Done> return_parts(int parts) override {
    const concurrency::Lock lock{world_.mutex};
    for (; parts > 0 && !taken_.empty(); --parts) taken_.pop_back();
    return domain::Done{};
  }

  domain::Result<ports::BudgetStatus> budget(int month) override {
    const concurrency::Lock lock{world_.mutex};
    if (world_.read_failure) return *world_.read_failure;
    return world_.budget_of_month(month);
  }

 private:
  static constexpr domain::Milliseconds window{1020};

  MemoryWorld& world_;
  int limit_;
  std::deque<domain::TimePoint> taken_ GUARDED_BY(world_.mutex);  // one entry a part
};

}  // namespace postrider::doubles
