// SharedBreaker on DynamoDB: one item of the guard table, which exists while the breaker is held.
// Thread-safe.
#pragma once

#include <string>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "ports/shared_breaker.hpp"

namespace postrider::adapters::aws::dynamodb {

class DynamoDbSharedBreaker final : public ports::SharedBreaker {
 public:
  /// `database` outlives it. `name`: of the provider, such as "sms".
  DynamoDbSharedBreaker(Database& database, const std::string& name)
      : database_{database}, key_(guard_key("line#" + name, "-")) {}

  domain::Result<Look> look(domain::TimePoint now, domain::Milliseconds probe_wait) override;
  domain::Result<domain::Done> hold(domain::TimePoint until, const std::string& code) override;
  domain::Result<domain::Done> release() override;

 private:
  Database& database_;
  const Json key_;
};

}  // namespace postrider::adapters::aws::dynamodb
