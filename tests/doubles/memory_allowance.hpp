// Allowance over MemoryWorld, for tests, by the rule of the real ones. Thread-safe.
#pragma once

#include "doubles/memory_world.hpp"
#include "ports/allowance.hpp"

namespace postrider::doubles {

class MemoryAllowance final : public ports::Allowance {
 public:
  /// `parts_per_second` 0: no limit.
  MemoryAllowance(MemoryWorld& world, int parts_per_second)
      : world_{world}, limit_{parts_per_second}, window_{parts_per_second} {}

  domain::Result<domain::PartsGrant> take_parts(const domain::PartsRequest& request,
                                                domain::TimePoint now) override {
    if (limit_ == 0) return domain::unlimited(request, now);
    const concurrency::Lock lock{world_.mutex};
    return window_.take(request, now);
  }

  domain::Result<domain::Done> return_parts(int parts, const domain::PartsGrant& grant) override {
    const concurrency::Lock lock{world_.mutex};
    window_.take_back(parts, grant.at);
    return domain::Done{};
  }

  domain::Result<ports::BudgetStatus> budget(int month) override {
    const concurrency::Lock lock{world_.mutex};
    if (auto failed = world_.failure_of("budget")) return *failed;
    if (world_.read_failure) return *world_.read_failure;
    return world_.budget_of_month(month);
  }

 private:
  MemoryWorld& world_;
  const int limit_;
  domain::RateWindow window_ GUARDED_BY(world_.mutex);
};

}  // namespace postrider::doubles
