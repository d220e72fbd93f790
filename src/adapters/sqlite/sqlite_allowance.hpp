// Allowance on one machine: the rate in memory (one service holds the database), money from the
// table. Thread-safe.
#pragma once

#include <deque>
#include <mutex>

#include "adapters/sqlite/database.hpp"
#include "ports/allowance.hpp"

namespace postrider::adapters::sqlite {

class SqliteAllowance final : public ports::Allowance {
 public:
  /// `database` outlives the allowance. `parts_per_second` 0: no limit.
  SqliteAllowance(Database& database, int parts_per_second)
      : database_{database}, limit_{parts_per_second} {}

  domain::Result<ports::PartsGrant> take_parts(int least, int most, domain::TimePoint now) override;
  void return_parts(int parts) override;
  domain::Result<ports::BudgetStatus> budget(int month) override;

 private:
  struct Grant {
    domain::TimePoint at;
    int parts;
  };
  domain::TimePoint leaves(const Grant& grant) const;
  void forget_old(domain::TimePoint now);

  Database& database_;
  const int limit_;
  std::mutex mutex_;
  std::deque<Grant> grants_;  // of the last window
  int granted_ = 0;           // parts in them
};

}  // namespace postrider::adapters::sqlite
