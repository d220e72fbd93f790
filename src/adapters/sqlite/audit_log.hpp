// AuditLog on SQLite. Thread-safe.
#pragma once

#include "adapters/sqlite/database/database.hpp"
#include "ports/audit_log.hpp"

namespace postrider::adapters::sqlite {

class SqliteAuditLog final : public ports::AuditLog {
 public:
  /// `database` outlives the log.
  explicit SqliteAuditLog(Database& database) : database_{database} {}

  domain::Result<domain::Done> append(std::span<const ports::AuditEntry> entries) override;
  domain::Result<std::vector<ports::AuditEntry>> latest(int limit) override;

 private:
  Database& database_;
};

}  // namespace postrider::adapters::sqlite
