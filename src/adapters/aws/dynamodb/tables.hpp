// The four tables, their keys and indexes. Names of tables come from the environment; names of
// attributes are here and in infra/. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/aws/dynamodb/database/item.hpp"
#include "ports/notification_store.hpp"

namespace postrider::adapters::aws::dynamodb {

struct Tables {
  std::string log;        // notifications: key notification_id
  std::string customers;  // preferences: key customer_id
  std::string status;     // message ids of providers: key message
  std::string guard;      // money, rate, throttle, chains, opt-outs, inbox, audit: keys pk, sk
};

// Indexes of the log. `place` is created_at with the order of intake, `due_key` the sweeper's time
// to look with the same; both are text of fixed width, so that text order is time order.
inline constexpr const char* customer_index = "customer";  // customer_id, place; all attributes
inline constexpr const char* order_index = "order";  // order_id, place; see chain/order_index.hpp
inline constexpr const char* due_index = "due";      // due_shard, due_key; sparse

/// The partitions of the due index: ids spread over them, and each takes some 1,000 writes a
/// second.
inline constexpr int due_shards = 4;

/// The CreateTable requests; streams, backups and time to live are the deployment's.
std::vector<Json> create_table_requests(const Tables& tables);

inline Json log_key(std::string_view id) { return {{"notification_id", text(id)}}; }
/// The key of a provider's message id in `status`.
inline Json message_key(const ports::NotificationStore::MessageKey& key) {
  return {{"message", text(key.carrier + "#" + key.message_id)}};
}
inline Json guard_key(std::string_view pk, std::string_view sk) {
  return {{"pk", text(pk)}, {"sk", text(sk)}};
}

}  // namespace postrider::adapters::aws::dynamodb
