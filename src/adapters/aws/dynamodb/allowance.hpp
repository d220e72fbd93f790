// Allowance on DynamoDB: the grants of the last second, and the urgent messages that found no room,
// are one item that all workers share, written only if no other worker has written it since.
// Thread-safe.
#pragma once

#include "adapters/aws/dynamodb/budget.hpp"
#include "ports/allowance.hpp"

namespace postrider::adapters::aws::dynamodb {

class DynamoDbAllowance final : public ports::Allowance {
 public:
  /// `database` outlives it. `parts_per_second` 0: no limit.
  DynamoDbAllowance(Database& database, int parts_per_second)
      : database_{database}, budget_{database}, limit_{parts_per_second} {}

  domain::Result<domain::PartsGrant> take_parts(const domain::PartsRequest& request,
                                                domain::TimePoint now) override;
  domain::Result<domain::Done> return_parts(int parts, const domain::PartsGrant& grant) override;
  domain::Result<ports::BudgetStatus> budget(int month) override { return budget_.status(month); }

 private:
  Database& database_;
  Budget budget_;
  const int limit_;
};

}  // namespace postrider::adapters::aws::dynamodb
