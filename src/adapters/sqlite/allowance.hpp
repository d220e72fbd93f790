// Allowance on SQLite: the rate is in memory, because one service holds the database; the money is
// in its table. Thread-safe.
#pragma once

#include "adapters/sqlite/database/database.hpp"
#include "concurrency/mutex.hpp"
#include "domain/limits/rate_window.hpp"
#include "ports/allowance.hpp"

namespace postrider::adapters::sqlite {

class SqliteAllowance final : public ports::Allowance {
 public:
  /// `database` outlives the allowance. `parts_per_second` 0: no limit.
  SqliteAllowance(Database& database, int parts_per_second)
      : database_{database}, limit_{parts_per_second}, window_{parts_per_second} {}

  domain::Result<domain::PartsGrant> take_parts(const domain::PartsRequest& request,
                                                domain::TimePoint now) override;
  domain::Result<domain::Done> return_parts(int parts, const domain::PartsGrant& grant) override;
  domain::Result<ports::BudgetStatus> budget(int month) override;

 private:
  Database& database_;
  const int limit_;
  concurrency::Mutex mutex_;
  domain::RateWindow window_ GUARDED_BY(mutex_);
};

}  // namespace postrider::adapters::sqlite
