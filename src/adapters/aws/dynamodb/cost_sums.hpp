// The sums of what SMS have cost, by day, country, status and carrier; they outlive the
// notifications. Thread-safe. Written after the money of a change: a worker that dies between loses
// its part of the report, never of the budget.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/delivery/change.hpp"
#include "ports/cost_book.hpp"

namespace postrider::adapters::aws::dynamodb {

class CostSums {
 public:
  /// `database` outlives it.
  explicit CostSums(Database& database) : database_{database} {}

  /// Day, country, status, carrier.
  using Key = std::tuple<int, std::string, std::string, std::string>;
  using Changes = std::map<Key, ports::CostLine>;

  /// Adds the effect of `change` on the sums; `after` is the notification's item after it. An SMS
  /// on its way to a carrier is not in the sums yet.
  static void add(Changes& changes, const domain::Change& change, const Item& after);

  /// Adds changes to the stored sums. An Error: some or all may be lost.
  domain::Result<domain::Done> write(const Changes& changes);
  /// The sums of the days from `first` to `last` (yyyymmdd, included).
  domain::Result<std::vector<ports::CostLine>> read(int first, int last);

 private:
  Database& database_;
};

/// The cost line of one notification, with its present money.
ports::CostLine cost_line(const Item& item);

}  // namespace postrider::adapters::aws::dynamodb
