// NotificationQuery on DynamoDB: by order, customer and due time from the log's indexes.
// Thread-safe. Without order or customer a list reads the whole table, as counts() does: for
// operators, never on the sending path.
#pragma once

#include <string>
#include <vector>

#include "adapters/aws/dynamodb/upkeep/set_aside.hpp"
#include "ports/notification_query.hpp"

namespace postrider::adapters::aws::dynamodb {

class DynamoDbNotificationQuery final : public ports::NotificationQuery {
 public:
  /// `database` outlives it.
  DynamoDbNotificationQuery(Database& database, ports::Telemetry& telemetry)
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
  domain::Result<std::vector<Item>> due_of(domain::State state, domain::Priority priority,
                                           const std::string& below, std::size_t max_items);
  domain::Result<std::vector<Item>> found_by(const ports::Filter& filter, const std::string& below,
                                             std::size_t max_items);
  domain::Result<std::vector<Item>> whole(std::vector<Item> keys_only);

  Database& database_;
  SetAside set_aside_;
};

}  // namespace postrider::adapters::aws::dynamodb
