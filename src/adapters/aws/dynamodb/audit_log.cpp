#include "adapters/aws/dynamodb/audit_log.hpp"

#include "adapters/aws/dynamodb/notification_item.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

constexpr int months_back = 12;

std::string entries_of(int month) { return "audit#" + std::to_string(month); }

}  // namespace

domain::Result<domain::Done> DynamoDbAuditLog::append(std::span<const ports::AuditEntry> entries) {
  std::vector<Item> items;
  for (const auto& entry : entries) {
    Item item = guard_key(entries_of(domain::month_of(entry.at)),
                          ordered(entry.at, database_.next_sequence()));
    put_time(item, "at", entry.at);
    put(item, "actor", entry.actor);
    put(item, "action", entry.action);
    put(item, "subject", entry.subject);
    items.push_back(std::move(item));
  }
  return database_.put_all(database_.tables().guard, std::move(items));
}

domain::Result<std::vector<ports::AuditEntry>> DynamoDbAuditLog::latest(int limit) {
  std::vector<ports::AuditEntry> entries;
  const auto max_entries = static_cast<std::size_t>(limit);
  int month = domain::month_of(database_.now());
  for (int i = 0; i < months_back && entries.size() < max_entries;
       ++i, month = domain::previous_month(month)) {
    const auto items =
        database_.query({{"TableName", database_.tables().guard},
                         {"ConsistentRead", true},
                         {"ScanIndexForward", false},
                         {"KeyConditionExpression", "#pk = :pk"},
                         {"ExpressionAttributeNames", {{"#pk", "pk"}}},
                         {"ExpressionAttributeValues", {{":pk", text(entries_of(month))}}}},
                        max_entries - entries.size());
    if (!items) return items.error();
    for (const auto& item : *items)
      entries.push_back({time_of(item, "at").value_or(domain::TimePoint{}), text_of(item, "actor"),
                         text_of(item, "action"), text_of(item, "subject")});
  }
  return entries;
}

}  // namespace postrider::adapters::aws::dynamodb
