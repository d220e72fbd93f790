// LineHold on DynamoDB: one item of the guard table, which exists while the line is held.
// Thread-safe.
#pragma once

#include <string>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "ports/line_hold.hpp"

namespace postrider::adapters::aws::dynamodb {

class DynamoDbLineHold final : public ports::LineHold {
 public:
  /// `database` outlives it. `name`: of the provider, such as "sms".
  DynamoDbLineHold(Database& database, const std::string& name)
      : database_{database}, key_(guard_key("line#" + name, "-")) {}

  domain::Result<Look> look(domain::TimePoint now) override;
  domain::Result<domain::Done> hold(domain::TimePoint now, const Cause& cause) override;
  domain::Result<domain::Done> give_back(domain::TimePoint now, domain::TimePoint granted) override;
  domain::Result<domain::Done> await_receipt(const domain::NotificationId& probe) override;
  domain::Result<domain::Done> release() override;

 private:
  Database& database_;
  const Json key_;
};

}  // namespace postrider::adapters::aws::dynamodb
