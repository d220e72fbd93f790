// The budget of each day within one transaction: read once, added up in memory, written once.
#pragma once

#include <map>

#include "adapters/sqlite/database/connection.hpp"
#include "domain/limits/budget_effect.hpp"

namespace postrider::adapters::sqlite {

class Budget {
 public:
  explicit Budget(Connection& writer) : writer_{writer} {}

  /// In the day and its month, with what this transaction has changed.
  domain::MoneyUsed used(int day);
  void apply(const domain::BudgetEffect& effect);
  /// Before the commit.
  void write();

 private:
  struct Day {
    domain::Money spent, reserved;
    bool changed = false;
  };
  Day& of(int day);
  domain::Money& month_of(int day);

  Connection& writer_;
  std::map<int, Day> days_;
  std::map<int, domain::Money> months_;  // spent and reserved
};

}  // namespace postrider::adapters::sqlite
