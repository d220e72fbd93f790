#include "adapters/sqlite/allowance.hpp"

namespace postrider::adapters::sqlite {

domain::Result<domain::PartsGrant> SqliteAllowance::take_parts(const domain::PartsRequest& request,
                                                               domain::TimePoint now) {
  if (limit_ == 0) return domain::unlimited(request, now);
  const concurrency::Lock lock{mutex_};
  return window_.take(request, now);
}

domain::Result<domain::Done> SqliteAllowance::return_parts(int parts,
                                                           const domain::PartsGrant& grant) {
  const concurrency::Lock lock{mutex_};
  window_.take_back(parts, grant.at);
  return domain::Done{};
}

domain::Result<ports::BudgetStatus> SqliteAllowance::budget(int month) {
  return database_.read([&](Connection& reader) {
    auto row = reader.query(
        "SELECT ifnull(sum(spent), 0), ifnull(sum(reserved), 0) FROM budget"
        " WHERE day BETWEEN ? AND ?",
        month * 100, month * 100 + 99);
    if (!row.row()) return ports::BudgetStatus{};
    return ports::BudgetStatus{row.money(0), row.money(1)};
  });
}

}  // namespace postrider::adapters::sqlite
