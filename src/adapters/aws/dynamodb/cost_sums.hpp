// What SMS have cost, by day, country, status and carrier: sums that outlive the notifications.
// Written beside the money of a change; a worker that dies between loses its part of the report,
// never of the budget. Thread-safe.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/change.hpp"
#include "ports/cost_book.hpp"

namespace postrider::adapters::aws::dynamodb {

class CostSums {
 public:
  explicit CostSums(Database& database) : database_{database} {}

  /// Day, country, status, carrier.
  using Key = std::tuple<int, std::string, std::string, std::string>;
  using Changes = std::map<Key, ports::CostLine>;

  /// Adds what `change` did to the notification that `after` is now. What is on its way to a
  /// carrier is not in the sums yet.
  static void add(Changes& changes, const domain::Change& change, const Item& after);

  domain::Result<domain::Done> write(const Changes& changes);
  domain::Result<std::vector<ports::CostLine>> read(int first, int last);

 private:
  Database& database_;
};

/// A notification's own line, of what it holds and cost now.
ports::CostLine cost_line(const Item& item);

}  // namespace postrider::adapters::aws::dynamodb
