// What expired notifications have cost: the sums that stay when the rows go.
#pragma once

#include <map>
#include <tuple>

#include "adapters/sqlite/database/connection.hpp"
#include "ports/cost_book.hpp"

namespace postrider::adapters::sqlite {

// The carrier that took the SMS of notification `n`, or may have taken it.
#define POSTRIDER_CARRIER_OF                                                                  \
  "coalesce((SELECT a.carrier FROM attempts a WHERE a.key BETWEEN n.seq * 4096 AND"           \
  " n.seq * 4096 + 4095 AND a.channel = 0 AND a.outcome IN (0, 2) ORDER BY a.key DESC LIMIT " \
  "1), '')"

class CostArchive {
 public:
  explicit CostArchive(Connection& writer) : writer_{writer} {}

  /// `line.day` 0: it cost nothing and is not kept.
  void add(const ports::CostLine& line);
  /// Before the commit.
  void write();

 private:
  using Key = std::tuple<int, std::string, std::string, std::string>;
  Connection& writer_;
  std::map<Key, ports::CostLine> lines_;
};

}  // namespace postrider::adapters::sqlite
