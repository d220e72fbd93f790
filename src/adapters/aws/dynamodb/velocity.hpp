// Counters of the SMS to a number, a block of numbers and a country in the last hour: one item of
// the guard table a subject. Thread-safe. The limits are the domain's (domain/limits/velocity.hpp);
// without limits no request is made.
#pragma once

#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/limits/velocity.hpp"

namespace postrider::adapters::aws::dynamodb {

class Velocity {
 public:
  /// `database` outlives it.
  explicit Velocity(Database& database) : database_{database} {}

  /// Counts one more SMS to the subject of each rule and returns `none`; where that passes a limit,
  /// counts nothing and returns the rule's reason.
  domain::Result<domain::Reason> take(std::vector<domain::VelocityRule> rules,
                                      domain::TimePoint now);

 private:
  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
