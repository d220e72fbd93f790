// CostBook on DynamoDB: the stored sums, and the messages that are on their way to a carrier.
// Thread-safe.
#pragma once

#include <vector>

#include "adapters/aws/dynamodb/cost_sums.hpp"
#include "ports/notification_query.hpp"

namespace postrider::adapters::aws::dynamodb {

class DynamoDbCostBook final : public ports::CostBook {
 public:
  /// `database` and `query` outlive it.
  DynamoDbCostBook(Database& database, ports::NotificationQuery& query)
      : database_{database}, query_{query}, sums_{database} {}

  domain::Result<std::vector<ports::CostLine>> costs(int first, int last) override;

 private:
  Database& database_;
  ports::NotificationQuery& query_;
  CostSums sums_;
};

}  // namespace postrider::adapters::aws::dynamodb
