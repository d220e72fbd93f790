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

domain::MoneyUsed Budget::used(int day) {
  const auto month = month_of(day);
  const auto& money = of(day);
  return {month, money.spent + money.reserved};
}

void Budget::apply(const domain::BudgetEffect& effect) {
  if (effect.none()) return;
  if (const auto month = months_.find(domain::month_of(effect.day)); month != months_.end())
    month->second += effect.used();
  auto& money = of(effect.day);
  money.reserved += effect.reserved;
  money.spent += effect.spent;
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
