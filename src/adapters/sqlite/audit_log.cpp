#include "adapters/sqlite/audit_log.hpp"

namespace postrider::adapters::sqlite {

domain::Result<domain::Done> SqliteAuditLog::append(std::span<const ports::AuditEntry> entries) {
  return database_.write(Purpose::settle, [&](Connection& writer) {
    for (const auto& e : entries)
      writer.run("INSERT INTO audit(at, actor, action, subject) VALUES(?,?,?,?)", e.at, e.actor,
                 e.action, e.subject);
    return domain::Done{};
  });
}

domain::Result<std::vector<ports::AuditEntry>> SqliteAuditLog::latest(int limit) {
  return database_.read([&](Connection& reader) {
    std::vector<ports::AuditEntry> entries;
    auto row = reader.query(
        "SELECT at, actor, action, subject FROM audit ORDER BY key DESC LIMIT ?", limit);
    while (row.row()) entries.push_back({row.time(0), row.string(1), row.string(2), row.string(3)});
    return entries;
  });
}

}  // namespace postrider::adapters::sqlite
