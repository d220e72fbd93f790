#include "adapters/sqlite/budget.hpp"

namespace postrider::adapters::sqlite {

Budget::Month& Budget::of(int month) {
  const auto [found, fresh] = months_.try_emplace(month);
  if (fresh) {
    auto row = writer_.query("SELECT spent, reserved FROM budget WHERE month = ?", month);
    if (row.row()) found->second = {row.money(0), row.money(1), false};
  }
  return found->second;
}

bool Budget::reserve(int month, domain::Money amount, domain::Money limit) {
  auto& money = of(month);
  if (money.spent + money.reserved + amount > limit) return false;
  money.reserved += amount;
  money.changed = true;
  return true;
}

void Budget::settle(int month, domain::Money reserved, domain::Money spent) {
  if (month == 0) return;
  auto& money = of(month);
  money.reserved = money.reserved - reserved;
  money.spent += spent;
  money.changed = true;
}

void Budget::write() {
  for (const auto& [month, money] : months_)
    if (money.changed)
      writer_.run(
          "INSERT INTO budget(month, spent, reserved) VALUES(?, ?, ?)"
          " ON CONFLICT(month) DO UPDATE SET spent = excluded.spent, reserved = excluded.reserved",
          month, money.spent, money.reserved);
}

}  // namespace postrider::adapters::sqlite
