#include "adapters/aws/dynamodb/allowance.hpp"

#include <gtest/gtest.h>

#include "adapters/aws/peer_client.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

/// An allowance of 10 parts a second whose table answers a read as a test says, and takes writes.
class RateItem : public testing::Test {
 protected:
  /// Asks while the item has these attributes.
  domain::PartsGrant ask(const std::string& attributes, std::vector<int> messages,
                         std::size_t urgent) {
    aws_.answer(wire::http_answer(
        200,
        R"({"Responses":{"guard":[{"pk":{"S":"rate#sms"},"sk":{"S":"-"},)" + attributes + "}]}}"));
    const auto granted = allowance_.take_parts({messages, urgent, 0}, aws_.clock().now());
    EXPECT_TRUE(granted);
    return granted ? *granted : domain::PartsGrant{};
  }
  /// An entry of a list in the item, `ago` before now.
  std::string entry(int ago, const std::string& rest) {
    const auto at = domain::to_unix_ms(aws_.clock().now()) - ago;
    return R"({"M":{"at":{"N":")" + std::to_string(at) + R"("},)" + rest + "}}";
  }
  /// The values that the last write sets.
  Json written() {
    const auto last = static_cast<std::size_t>(aws_.peer().requests()) - 1;
    EXPECT_NE(aws_.peer().request(last).find("UpdateItem"), std::string::npos);
    const auto body = Json::parse(aws_.body(last));
    Json lists = Json::array();
    for (const auto& value : body.at("ExpressionAttributeValues"))
      if (value.contains("L")) lists.push_back(value.at("L"));
    return lists;
  }

  PeerClient aws_;
  Database database_{aws_.client(), aws_.clock(), Tables{"log", "customers", "status", "guard"},
                     std::chrono::days{30}, std::chrono::minutes{5}};
  DynamoDbAllowance allowance_{database_, 10};
};

TEST_F(RateItem, OfTheVersionBeforeIsReadAndWhatIsWrittenHasWhatThatVersionReads) {
  const auto old =
      R"("version":{"N":"7"},"grants":{"L":[)" + entry(500, R"("parts":{"N":"6"})") + "]}";
  EXPECT_EQ(ask(old, {1, 2, 2}, 1).parts, 3) << "6 were granted half a second ago";
  const auto lists = written();
  ASSERT_EQ(lists.size(), 2U);
  ASSERT_EQ(lists[0].size(), 2U);
  for (const auto& grant : lists[0])
    EXPECT_TRUE(grant.at("M").at("at").contains("N") && grant.at("M").at("parts").contains("N"));
  EXPECT_EQ(lists[0][1].at("M").at("parts").at("N"), "3");
  EXPECT_TRUE(lists[1].empty());
}

TEST_F(RateItem, KeepsTheRefusalOfAnUrgentOneAndAsksForNothingElse) {
  const auto full =
      R"("version":{"N":"7"},"grants":{"L":[)" + entry(500, R"("parts":{"N":"10"})") + "]}";
  EXPECT_EQ(ask(full, {2}, 1).parts, 0);
  const auto lists = written();
  ASSERT_EQ(lists.size(), 2U);
  EXPECT_EQ(lists[1][0].at("M").at("parts").at("N"), "2");
  const auto requests = aws_.peer().requests();
  EXPECT_EQ(ask(full, {2}, 0).parts, 0);
  EXPECT_EQ(aws_.peer().requests(), requests + 1) << "a normal one that is refused writes nothing";
}

TEST_F(RateItem, WhatVersionBeforeWroteKeepsTheRefusals) {
  const auto marked = R"("version":{"N":"8"},"grants":{"L":[)" +
                      entry(100, R"("parts":{"N":"5"})") + R"(]},"refusals":{"L":[)" +
                      entry(700, R"("parts":{"N":"3"})") + "]}";
  EXPECT_EQ(ask(marked, {1, 1, 1, 1}, 0).parts, 1) << "3 of the 5 are kept, and a spare one";
}

}  // namespace
}  // namespace postrider::adapters::aws::dynamodb
