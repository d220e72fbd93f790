// NotificationQuery on SQLite, over the read-only connections. Thread-safe.
#pragma once

#include "adapters/sqlite/database/database.hpp"
#include "ports/notification_query.hpp"

namespace postrider::adapters::sqlite {

class SqliteNotificationQuery final : public ports::NotificationQuery {
 public:
  /// `database` outlives the query.
  explicit SqliteNotificationQuery(Database& database) : database_{database} {}

  domain::Result<std::vector<ports::Due>> due(domain::State state, domain::TimePoint now,
                                              int limit) override;
  domain::Result<std::optional<ports::Due>> newest_due(domain::State state,
                                                       domain::TimePoint now) override;
  domain::Result<std::optional<domain::TimePoint>> next_due() override;
  domain::Result<ports::Page> list(const ports::Filter& filter, int limit,
                                   const std::string& cursor) override;
  domain::Result<std::optional<domain::NotificationDetails>> details(
      const domain::NotificationId& id) override;
  domain::Result<std::vector<domain::ChainFacts>> chains(
      std::span<const domain::Notification> batch, domain::TimePoint now) override;
  domain::Result<std::map<domain::State, std::int64_t>> counts() override;

 private:
  Database& database_;
};

}  // namespace postrider::adapters::sqlite
