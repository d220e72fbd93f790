// AuditLog on DynamoDB: the entries of a month in one partition of the guard table. Thread-safe.
#pragma once

#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "ports/audit_log.hpp"

namespace postrider::adapters::aws::dynamodb {

class DynamoDbAuditLog final : public ports::AuditLog {
 public:
  /// `database` outlives it.
  explicit DynamoDbAuditLog(Database& database) : database_{database} {}

  domain::Result<domain::Done> append(std::span<const ports::AuditEntry> entries) override;
  /// The newest entries of the last twelve months.
  domain::Result<std::vector<ports::AuditEntry>> latest(int limit) override;

 private:
  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
