// Counters of the SMS that went to a number, a block of numbers and a country in the last hour: one
// item of the guard table a subject. The limits are the domain's (domain/velocity.hpp); without any
// it asks nothing. Thread-safe.
#pragma once

#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/velocity.hpp"

namespace postrider::adapters::aws::dynamodb {

class Velocity {
 public:
  explicit Velocity(Database& database) : database_{database} {}

  /// Counts one more SMS to the subject of each rule, unless that would be too many: the reason
  /// then, and nothing is counted; else `none`.
  domain::Result<domain::Reason> take(std::vector<domain::VelocityRule> rules,
                                      domain::TimePoint now);

 private:
  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
