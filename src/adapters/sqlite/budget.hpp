// The money of each day inside one transaction: read once, added up in memory, written once.
#pragma once

#include <map>

#include "adapters/sqlite/connection.hpp"
#include "domain/policy.hpp"

namespace postrider::adapters::sqlite {

class Budget {
 public:
  explicit Budget(Connection& writer) : writer_{writer} {}

  enum class Reserved { yes, over_month, over_day };
  /// Anything but yes: nothing was reserved, because spent + reserved would pass that limit.
  Reserved reserve(int day, domain::Money amount, const domain::Limits& limits);
  /// `reserved` ends; what was spent changes by `more`.
  void settle(int day, domain::Money reserved, domain::Money more);
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
