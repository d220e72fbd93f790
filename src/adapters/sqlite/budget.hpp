// The money of each month inside one transaction: read once, added up in memory, written once.
#pragma once

#include <map>

#include "adapters/sqlite/connection.hpp"

namespace postrider::adapters::sqlite {

class Budget {
 public:
  explicit Budget(Connection& writer) : writer_{writer} {}

  /// False, and nothing reserved, when spent + reserved would pass `limit`.
  bool reserve(int month, domain::Money amount, domain::Money limit);
  /// `reserved` ends; `spent` (0: none) takes its place.
  void settle(int month, domain::Money reserved, domain::Money spent);
  /// Before the commit.
  void write();

 private:
  struct Month {
    domain::Money spent, reserved;
    bool changed = false;
  };
  Month& of(int month);

  Connection& writer_;
  std::map<int, Month> months_;
};

}  // namespace postrider::adapters::sqlite
