#include "adapters/aws/dynamodb/tables.hpp"

#include <initializer_list>

namespace postrider::adapters::aws::dynamodb {
namespace {

Json keys(const char* hash, const char* range) {
  Json schema = Json::array({{{"AttributeName", hash}, {"KeyType", "HASH"}}});
  if (range != nullptr) schema.push_back({{"AttributeName", range}, {"KeyType", "RANGE"}});
  return schema;
}

Json table(const std::string& name, Json schema, std::initializer_list<const char*> texts) {
  Json attributes = Json::array();
  for (const auto* attribute : texts)
    attributes.push_back({{"AttributeName", attribute}, {"AttributeType", "S"}});
  return {{"TableName", name},
          {"KeySchema", std::move(schema)},
          {"AttributeDefinitions", std::move(attributes)},
          {"BillingMode", "PAY_PER_REQUEST"}};
}

Json index(const char* name, Json schema, Json projection) {
  return {
      {"IndexName", name}, {"KeySchema", std::move(schema)}, {"Projection", std::move(projection)}};
}

Json including(std::initializer_list<const char*> attributes) {
  return {{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", Json(attributes)}};
}

}  // namespace

std::vector<Json> create_table_requests(const Tables& tables) {
  Json log = table(tables.log, keys("notification_id", nullptr),
                   {"notification_id", "customer_id", "order_id", "place", "due_shard", "due_key"});
  log["GlobalSecondaryIndexes"] =
      Json::array({index(customer_index, keys("customer_id", "place"), {{"ProjectionType", "ALL"}}),
                   // Attributes that never change, so that a change of state does not write here.
                   index(order_index, keys("order_id", "place"),
                         including({"shop", "mode", "status", "occurred_at"})),
                   index(due_index, keys("due_shard", "due_key"), including({"segments"}))});
  return {std::move(log), table(tables.customers, keys("customer_id", nullptr), {"customer_id"}),
          table(tables.status, keys("message", nullptr), {"message"}),
          table(tables.guard, keys("pk", "sk"), {"pk", "sk"})};
}

}  // namespace postrider::adapters::aws::dynamodb
