// The sums of what expired notifications have cost: they stay when the notifications' rows go. For
// one transaction of the writer; not thread-safe.
#pragma once

#include <map>
#include <tuple>

#include "adapters/sqlite/database/schema.hpp"
#include "ports/cost_book.hpp"

namespace postrider::adapters::sqlite {

// An expression of SQL: the carrier that took the SMS of notification `n`, or may have taken it.
// Empty: none.
#define POSTRIDER_CARRIER_OF                                                                  \
  "coalesce((SELECT a.carrier FROM attempts a WHERE a.key BETWEEN n.seq * 4096 AND"           \
  " n.seq * 4096 + 4095 AND a.channel = 0 AND a.outcome IN (0, 2) ORDER BY a.key DESC LIMIT " \
  "1), '')"
static_assert(attempts_per_notification == 4096, "written out in the macro");

class CostArchive {
 public:
  /// `writer` is in a transaction, which outlives it.
  explicit CostArchive(Connection& writer) : writer_{writer} {}

  /// Adds the costs of one notification. `line.day` 0: it cost nothing and is not kept.
  void add(const ports::CostLine& line);
  /// Adds the sums to the stored ones. Call it before the commit.
  void write();

 private:
  using Key = std::tuple<int, std::string, std::string, std::string>;
  Connection& writer_;
  std::map<Key, ports::CostLine> lines_;
};

}  // namespace postrider::adapters::sqlite
