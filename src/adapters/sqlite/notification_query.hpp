// NotificationQuery on SQLite, over the read-only connections. Thread-safe.
#pragma once

#include "adapters/sqlite/database/database.hpp"
#include "adapters/sqlite/upkeep/set_aside.hpp"
#include "ports/notification_query.hpp"

namespace postrider::adapters::sqlite {

class SqliteNotificationQuery final : public ports::NotificationQuery {
 public:
  /// `database` and `telemetry` outlive the query. `telemetry` hears of rows that lie in a damaged
  /// page.
  explicit SqliteNotificationQuery(Database& database, ports::Telemetry* telemetry = nullptr)
      : database_{database}, set_aside_{database, telemetry} {}

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
  SetAside set_aside_;
};

}  // namespace postrider::adapters::sqlite
