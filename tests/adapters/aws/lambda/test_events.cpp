#include "adapters/aws/lambda/events.hpp"

#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <zlib.h>

#include <nlohmann/json.hpp>

namespace postrider::adapters::aws::lambda {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::vector<unsigned char> out(deflateBound(&stream, text.size()) + 32);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  deflateEnd(&stream);
  return {out.begin(), out.end() - stream.avail_out};
}

std::string subscription(const std::string& octets) {
  std::vector<unsigned char> base64(2 * octets.size() + 8);
  const int size =
      EVP_EncodeBlock(base64.data(), reinterpret_cast<const unsigned char*>(octets.data()),
                      static_cast<int>(octets.size()));
  const std::string text{base64.begin(), base64.begin() + size};
  return Json{{"awslogs", {{"data", text}}}}.dump();
}

Json logs(const Json& events, const char* type = "DATA_MESSAGE") {
  return {{"messageType", type},
          {"owner", "123456789012"},
          {"logGroup", "sns/us-east-1/123456789012/DirectPublishToPhoneNumber"},
          {"logStream", "s"},
          {"subscriptionFilters", {"f"}},
          {"logEvents", events}};
}

std::vector<std::string> messages(const std::string& event) {
  const auto parsed = parse_messages(event);
  const auto* all = std::get_if<std::vector<std::string>>(&parsed);
  EXPECT_NE(all, nullptr);
  return all == nullptr ? std::vector<std::string>{} : *all;
}

std::string problem(const std::string& event) {
  const auto parsed = parse_messages(event);
  const auto* error = std::get_if<message::FieldError>(&parsed);
  return error == nullptr ? "" : error->code;
}

TEST(Events, ABatchOfSqs) {
  const Json record{
      {"messageId", "m1"},        {"receiptHandle", "h"},
      {"body", "{\"v\":1}"},      {"attributes", {{"ApproximateReceiveCount", "3"}}},
      {"eventSource", "aws:sqs"}, {"eventSourceARN", "arn:aws:sqs:us-east-1:123456789012:q"}};
  const auto batch = parse_sqs_event(Json{{"Records", {record, record}}}.dump());
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->size(), 2U);
  EXPECT_EQ((*batch)[0].message_id, "m1");
  EXPECT_EQ((*batch)[0].body, "{\"v\":1}");
  EXPECT_EQ((*batch)[0].receive_count, 3);
  EXPECT_FALSE(parse_sqs_event(R"({"Records":[{"eventSource":"aws:s3"}]})"));
  EXPECT_FALSE(parse_sqs_event(R"({"Records":[]})"));
  EXPECT_FALSE(parse_sqs_event("[]"));
}

TEST(Events, APartialBatchResponseNamesTheFailedRecords) {
  EXPECT_EQ(batch_failures({}), R"({"batchItemFailures":[]})");
  EXPECT_EQ(batch_failures({"a", "b"}),
            R"({"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"}]})");
}

TEST(Events, LogMessagesOfASubscription) {
  // The id is text on AWS and a number on stand-ins; nobody reads it.
  const auto event = logs({{{"id", "3195"}, {"timestamp", 1440442987000}, {"message", "one"}},
                           {{"id", 7}, {"timestamp", 1440442987000}, {"message", "two"}}});
  EXPECT_THAT(messages(subscription(gzip(event.dump()))), ElementsAre("one", "two"));
  const auto control = logs(Json::array(), "CONTROL_MESSAGE");
  EXPECT_TRUE(messages(subscription(gzip(control.dump()))).empty());
}

TEST(Events, MessagesOfSnsAndDetailsOfEventBridge) {
  const Json sns{{"Records",
                  {{{"EventSource", "aws:sns"}, {"Sns", {{"MessageId", "x"}, {"Message", "{1}"}}}},
                   {{"EventSource", "aws:sns"}, {"Sns", {{"Message", "{2}"}}}}}}};
  EXPECT_THAT(messages(sns.dump()), ElementsAre("{1}", "{2}"));
  const Json bridge{{"version", "0"},
                    {"detail-type", "Order shipped"},
                    {"source", "shop"},
                    {"detail", {{"order_id", "o1"}}}};
  EXPECT_THAT(messages(bridge.dump()), ElementsAre(R"({"order_id":"o1"})"));
  EXPECT_EQ(*parse_event_detail(bridge.dump()), R"({"order_id":"o1"})");
  EXPECT_FALSE(parse_event_detail(R"({"order_id":"o1"})"));
}

TEST(Events, ACutOrBrokenOrEndlessGzipIsRefused) {
  const auto whole = gzip(logs({{{"message", "one"}}}).dump());
  for (std::size_t size = 1; size < whole.size(); size += 7)
    EXPECT_EQ(problem(subscription(whole.substr(0, size))), "invalid_value") << size;
  EXPECT_EQ(problem(subscription("no gzip at all")), "invalid_value");
  EXPECT_EQ(problem(R"({"awslogs":{"data":"****"}})"), "invalid_value");
  EXPECT_EQ(problem(R"({"awslogs":{}})"), "invalid_value");
  EXPECT_EQ(problem(subscription(gzip("[1,2]"))), "invalid_json");
  const auto bomb = gzip(std::string(max_inflated + 1, ' '));
  EXPECT_LT(bomb.size(), 100'000U);
  EXPECT_EQ(problem(subscription(bomb)), "too_long");
  EXPECT_EQ(problem("null"), "invalid_value");
  EXPECT_EQ(problem(R"({"Records":[{"Sns":5}]})"), "invalid_value");
}

}  // namespace
}  // namespace postrider::adapters::aws::lambda
