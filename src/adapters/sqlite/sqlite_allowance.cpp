#include "adapters/sqlite/sqlite_allowance.hpp"

#include <algorithm>

#include "domain/pacer.hpp"

namespace postrider::adapters::sqlite {

domain::TimePoint SqliteAllowance::leaves(const Grant& grant) const {
  return grant.at + domain::Pacer::counts_for(std::max(grant.parts, 1), limit_);
}

void SqliteAllowance::forget_old(domain::TimePoint now) {
  // After the clock was set back, grants of the "future" count from now on.
  for (auto grant = grants_.rbegin(); grant != grants_.rend() && grant->at > now; ++grant)
    grant->at = now;
  while (!grants_.empty() && leaves(grants_.front()) <= now) {
    granted_ -= grants_.front().parts;
    grants_.pop_front();
  }
}

domain::Result<ports::PartsGrant> SqliteAllowance::take_parts(int least, int most,
                                                              domain::TimePoint now) {
  if (limit_ == 0) return ports::PartsGrant{most, {}};
  const std::lock_guard lock{mutex_};
  forget_old(now);
  const int free = limit_ - granted_;
  const bool longer_than_limit = least > limit_ && granted_ == 0;
  const int parts = longer_than_limit ? least : free < least ? 0 : std::min(free, most);
  if (parts > 0) {
    grants_.push_back({now, parts});
    granted_ += parts;
  }
  if (parts == most) return ports::PartsGrant{parts, {}};
  return ports::PartsGrant{parts, leaves(grants_.front()) - now};
}

void SqliteAllowance::return_parts(int parts) {
  const std::lock_guard lock{mutex_};
  while (parts > 0 && !grants_.empty()) {
    const int back = std::min(parts, grants_.back().parts);
    grants_.back().parts -= back;
    granted_ -= back;
    parts -= back;
    if (grants_.back().parts == 0) grants_.pop_back();
  }
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
