#include "adapters/sqlite/budget.hpp"

namespace postrider::adapters::sqlite {

Budget::Day& Budget::of(int day) {
  const auto [found, fresh] = days_.try_emplace(day);
  if (fresh) {
    auto row = writer_.query("SELECT spent, reserved FROM budget WHERE day = ?", day);
    if (row.row()) found->second = {row.money(0), row.money(1), false};
  }
  return found->second;
}

/// All days of the month: those in the table, and what this transaction has changed in them.
domain::Money& Budget::month_of(int day) {
  const int month = domain::month_of(day);
  const auto [found, fresh] = months_.try_emplace(month);
  if (fresh) {
    auto row = writer_.query("SELECT day, spent + reserved FROM budget WHERE day BETWEEN ? AND ?",
                             month * 100, month * 100 + 99);
    while (row.row())
      if (!days_.contains(row.small(0))) found->second += row.money(1);
    for (const auto& [other, money] : days_)
      if (domain::month_of(other) == month) found->second += money.spent + money.reserved;
  }
  return found->second;
}

Budget::Reserved Budget::reserve(int day, domain::Money amount, const domain::Limits& limits) {
  auto& all = month_of(day);
  if (all + amount > limits.monthly) return Reserved::over_month;
  auto& money = of(day);
  if (limits.daily && money.spent + money.reserved + amount > *limits.daily)
    return Reserved::over_day;
  money.reserved += amount;
  money.changed = true;
  all += amount;
  return Reserved::yes;
}

void Budget::settle(int day, domain::Money reserved, domain::Money more) {
  if (day == 0) return;
  if (const auto month = months_.find(domain::month_of(day)); month != months_.end())
    month->second += more - reserved;
  auto& money = of(day);
  money.reserved = money.reserved - reserved;
  money.spent += more;
  money.changed = true;
}

void Budget::write() {
  for (const auto& [day, money] : days_)
    if (money.changed)
      writer_.run(
          "INSERT INTO budget(day, spent, reserved) VALUES(?, ?, ?)"
          " ON CONFLICT(day) DO UPDATE SET spent = excluded.spent, reserved = excluded.reserved",
          day, money.spent, money.reserved);
}

}  // namespace postrider::adapters::sqlite
