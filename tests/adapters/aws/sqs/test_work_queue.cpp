#include "adapters/aws/sqs/work_queue.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/aws/peer_client.hpp"
#include "doubles/recording_telemetry.hpp"

namespace postrider::adapters::aws::sqs {
namespace {

using domain::Channel;
using domain::Priority;
using Json = nlohmann::json;
using std::chrono::seconds;
using wire::http_answer;

class Queue : public testing::Test {
 protected:
  ports::WorkQueue::Item item(std::uint8_t number, domain::Milliseconds due_in = {}) {
    ports::WorkQueue::Item one{.id = {}, .due_at = aws_.clock().now() + due_in, .segments = 2};
    one.id.bytes[0] = number;
    return one;
  }
  /// The messages sent to `url`, in one list.
  Json sent_to(const std::string& url) {
    Json entries = Json::array();
    for (int i = 0; i < aws_.peer().requests(); ++i) {
      const auto body = Json::parse(aws_.body(static_cast<std::size_t>(i)));
      EXPECT_LE(body.at("Entries").size(), 10U);
      if (body.at("QueueUrl") == url)
        for (const auto& entry : body.at("Entries")) entries.push_back(entry);
    }
    return entries;
  }
  PeerClient aws_{http_answer(200, R"({"Successful":[],"Failed":[]})")};
  doubles::RecordingTelemetry telemetry_;
  SqsWorkQueue queue_{aws_.client(),
                      aws_.clock(),
                      telemetry_,
                      {"http://q/sms", "http://q/high", "http://q/mail"},
                      std::chrono::minutes{5}};
};

TEST_F(Queue, EachKindHasItsQueueAndTenGoTogether) {
  std::vector<ports::WorkQueue::Item> items;
  for (std::uint8_t i = 0; i < 25; ++i) items.push_back(item(i));
  items[3].priority = Priority::high;
  items[4].channel = Channel::email;
  items[5].channel = Channel::email;
  items[5].priority = Priority::high;
  queue_.offer(items);
  EXPECT_EQ(sent_to("http://q/sms").size(), 22U);
  EXPECT_EQ(sent_to("http://q/high").size(), 1U);
  EXPECT_EQ(sent_to("http://q/mail").size(), 2U);
  EXPECT_EQ(aws_.peer().requests(), 5);
  EXPECT_THAT(aws_.peer().request(0), testing::HasSubstr("AmazonSQS.SendMessageBatch"));
}

TEST_F(Queue, AnItemThatWaitsComesWhenItIsDueAndNotBefore) {
  const std::vector items{item(1), item(2, domain::Milliseconds{1}), item(3, seconds{900}),
                          item(4, seconds{901}), item(5, -seconds{5})};
  queue_.offer(items);
  std::vector<int> delays;
  for (const auto& entry : sent_to("http://q/sms")) delays.push_back(entry.at("DelaySeconds"));
  EXPECT_THAT(delays, testing::ElementsAre(0, 1, 900, 0)) << "longer waits are the sweeper's";
}

TEST_F(Queue, AMessageSaysWhenTheSweeperLooksAfterIt) {
  const auto now = aws_.clock().now();
  auto own = item(3);
  own.sweeper_at = now + seconds{7};
  const std::vector items{item(1), item(2, seconds{60}), own, item(4, -seconds{60})};
  queue_.offer(items);
  std::vector<domain::TimePoint> at;
  for (const auto& entry : sent_to("http://q/sms")) {
    const auto read = parse_work_message(entry.at("MessageBody").get<std::string>());
    at.push_back(std::get<ports::WorkQueue::Item>(read).sweeper_at.value());
  }
  EXPECT_THAT(at, testing::ElementsAre(now + seconds{300}, now + seconds{360}, now + seconds{7},
                                       now + seconds{300}));
}

TEST_F(Queue, AMessageComesBackAsItWasWritten) {
  auto one = item(7);
  for (const auto priority : {Priority::high, Priority::normal})
    for (const auto channel : {Channel::sms, Channel::email}) {
      one.priority = priority;
      one.channel = channel;
      one.refused_by_rate = channel == Channel::sms;
      const auto read = parse_work_message(work_message(one));
      ASSERT_TRUE(std::holds_alternative<ports::WorkQueue::Item>(read));
      const auto& again = std::get<ports::WorkQueue::Item>(read);
      EXPECT_EQ(again.id, one.id);
      EXPECT_EQ(again.segments, 2);
      EXPECT_EQ(again.priority, priority);
      EXPECT_EQ(again.channel, channel);
      EXPECT_EQ(again.refused_by_rate, one.refused_by_rate);
    }
}

TEST_F(Queue, WhatIsNoMessageOfOursSaysWhy) {
  const auto code_of = [](const std::string& body) {
    const auto parsed = parse_work_message(body);
    const auto* error = std::get_if<message::FieldError>(&parsed);
    return error == nullptr ? "" : error->code + error->pointer;
  };
  EXPECT_EQ(code_of("hello"), "invalid_json");
  EXPECT_EQ(code_of("{}"), "unknown_version/v");
  EXPECT_EQ(code_of(R"({"v":2,"notification_id":"018f0000-0000-5000-8000-000000000001"})"),
            "unknown_version/v");
  EXPECT_EQ(code_of(R"({"v":1,"notification_id":"x"})"), "invalid_value/notification_id");
  EXPECT_EQ(code_of(R"({"v":1,"notification_id":"018f0000-0000-5000-8000-000000000001",)"
                    R"("segments":-1})"),
            "invalid_value/segments");
  EXPECT_EQ(code_of(R"({"v":1,"notification_id":"018f0000-0000-5000-8000-000000000001",)"
                    R"("sweeper_at":"soon"})"),
            "invalid_value/sweeper_at");
}

TEST_F(Queue, AMessageThatDoesNotSayHowLongItIsHasOnePart) {
  const auto read =
      parse_work_message(R"({"v":1,"notification_id":"018f0000-0000-5000-8000-000000000001"})");
  ASSERT_TRUE(std::holds_alternative<ports::WorkQueue::Item>(read));
  EXPECT_EQ(std::get<ports::WorkQueue::Item>(read).segments, 1);
}

TEST_F(Queue, TheTraceTravelsWithTheMessage) {
  queue_.set_trace("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1");
  const std::vector items{item(1)};
  queue_.offer(items);
  EXPECT_EQ(sent_to("http://q/sms").at(0).at("MessageSystemAttributes").at("AWSTraceHeader"),
            (Json{{"DataType", "String"},
                  {"StringValue", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1"}}));
}

/// The ids of the messages in a request.
std::vector<std::string> ids_in(const std::string& body) {
  std::vector<std::string> ids;
  const auto request = Json::parse(body);
  for (const auto& entry : request.at("Entries")) {
    const auto read = parse_work_message(entry.at("MessageBody").get<std::string>());
    ids.push_back(domain::to_string(std::get<ports::WorkQueue::Item>(read).id).substr(0, 2));
  }
  return ids;
}

TEST_F(Queue, WhatSqsDidNotTakeIsSentAgainAloneAndThenLeftToTheSweeper) {
  const std::vector items{item(1), item(2), item(3), item(4)};
  aws_.answer(http_answer(200, R"({"Successful":[{"Id":"0"}],"Failed":[)"
                               R"({"Id":"1","Code":"InternalError","SenderFault":false},)"
                               R"({"Id":"2","Code":"InvalidMessageContents","SenderFault":true},)"
                               R"({"Id":"3","Code":"RequestThrottled"}]})"));
  queue_.offer(items);
  ASSERT_EQ(aws_.peer().requests(), 4);
  EXPECT_THAT(ids_in(aws_.body(0)), testing::ElementsAre("01", "02", "03", "04"));
  for (const std::size_t again : {1U, 2U, 3U})
    EXPECT_THAT(ids_in(aws_.body(again)), testing::ElementsAre("02", "04"));
  EXPECT_EQ(telemetry_.lines_of("queue_failed").size(), 1U) << "once for all three";
}

TEST_F(Queue, WhatSqsTakesAtLastIsNotLogged) {
  const std::vector items{item(1)};
  aws_.answer_once(http_answer(200, R"({"Failed":[{"Id":"0","Code":"InternalError"}]})"));
  queue_.offer(items);
  EXPECT_EQ(aws_.peer().requests(), 2);
  EXPECT_FALSE(telemetry_.logged("queue_failed"));
}

TEST_F(Queue, AnAnswerThatCannotBeReadIsAFailure) {
  const std::vector items{item(1)};
  for (const auto* answer : {"[]", R"({"Failed":7})", R"({"Failed":[{}]})", "x"}) {
    aws_.answer(http_answer(200, answer));
    const auto before = telemetry_.lines_of("queue_failed").size();
    queue_.offer(items);
    EXPECT_EQ(telemetry_.lines_of("queue_failed").size(), before + 1) << answer;
  }
}

}  // namespace
}  // namespace postrider::adapters::aws::sqs
