#include "adapters/aws/dynamodb/upkeep/undelivered_work.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "adapters/aws/peer_client.hpp"
#include "doubles/recording_telemetry.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

/// "accepted.high.3" → ("accepted.high", "3")
std::pair<std::string, std::string> kind_and_shard(const std::string& due_shard) {
  const auto end = due_shard.rfind('.');
  return {due_shard.substr(0, end), due_shard.substr(end + 1)};
}

TEST(UndeliveredWork, BeginsEachTimeWithAnotherShardOfEachKind) {
  PeerClient aws{wire::http_answer(200, R"({"Items":[]})")};
  Database database{aws.client(), aws.clock(), Tables{"log", "customers", "status", "guard"},
                    std::chrono::days{30}, std::chrono::minutes{5}};
  doubles::RecordingTelemetry telemetry;
  UndeliveredWork undelivered{database, telemetry};
  std::map<std::string, std::set<std::string>> first;  // shards, by kind
  std::size_t seen = 0;
  for (int round = 0; round < due_shards; ++round) {
    ASSERT_FALSE(undelivered.take(100).error);
    std::set<std::string> kinds;
    for (; seen < static_cast<std::size_t>(aws.peer().requests()); ++seen) {
      const auto values = Json::parse(aws.body(seen)).at("ExpressionAttributeValues");
      const auto [kind, shard] = kind_and_shard(values.at(":shard").at("S").get<std::string>());
      if (kinds.insert(kind).second) first[kind].insert(shard);
    }
  }
  ASSERT_EQ(first.size(), 4U) << "SMS and e-mail, of both priorities";
  for (const auto& [kind, shards] : first)
    EXPECT_EQ(shards.size(), std::size_t{due_shards}) << kind;
}

}  // namespace
}  // namespace postrider::adapters::aws::dynamodb
