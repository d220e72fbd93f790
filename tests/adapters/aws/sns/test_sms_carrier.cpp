#include "adapters/aws/sns/sms_carrier.hpp"

#include <gmock/gmock.h>

#include "adapters/aws/peer_client.hpp"
#include "support/faults.hpp"

namespace postrider::adapters::aws::sns {
namespace {

using domain::Fault;
using support::fault_of;

using testing::HasSubstr;
using testing::Not;
using wire::http_answer;

const std::string published =
    R"(<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>)"
    R"(<MessageId>m-1</MessageId></PublishResult></PublishResponse>)";

std::string xml_error(const std::string& code) {
  return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code +
         "</Code><Message>m</Message></Error></ErrorResponse>";
}

ports::Sms sms() {
  ports::Sms one;
  one.to = "+14255550156";
  one.text = "Ürün & 50% = ✓\n";
  one.sender_id = "Shop";
  one.max_price = domain::Money{12'345};
  return one;
}

class SnsCarrier : public testing::Test {
 protected:
  ports::SmsOutcome send(const std::string& octets, bool go_on = true) {
    aws_.answer(octets, go_on);
    const auto one = sms();
    return carrier_.submit({&one, 1}, no_end).front();
  }
  PeerClient aws_;
  SnsSmsCarrier carrier_{aws_.client(), ""};
};

TEST_F(SnsCarrier, PublishesToTheNumberWithItsAttributes) {
  const auto outcome = send(http_answer(200, published));
  ASSERT_TRUE(std::holds_alternative<ports::SmsAccepted>(outcome));
  EXPECT_EQ(std::get<ports::SmsAccepted>(outcome).message_id, "m-1");
  EXPECT_EQ(aws_.body(),
            "Action=Publish&Version=2010-03-31&PhoneNumber=%2B14255550156"
            "&Message=%C3%9Cr%C3%BCn+%26+50%25+%3D+%E2%9C%93%0A"
            "&MessageAttributes.entry.1.Name=AWS.SNS.SMS.SMSType"
            "&MessageAttributes.entry.1.Value.DataType=String"
            "&MessageAttributes.entry.1.Value.StringValue=Transactional"
            "&MessageAttributes.entry.2.Name=AWS.SNS.SMS.SenderID"
            "&MessageAttributes.entry.2.Value.DataType=String"
            "&MessageAttributes.entry.2.Value.StringValue=Shop"
            "&MessageAttributes.entry.3.Name=AWS.SNS.SMS.MaxPrice"
            "&MessageAttributes.entry.3.Value.DataType=Number"
            "&MessageAttributes.entry.3.Value.StringValue=0.01235");
  EXPECT_THAT(aws_.peer().request(0), HasSubstr("/us-east-1/sns/aws4_request"));
}

TEST_F(SnsCarrier, WhatIsNotKnownIsLeftOut) {
  auto bare = sms();
  bare.sender_id.clear();
  bare.max_price = {};
  bare.type = domain::SmsType::promotional;
  const auto form = publish_form(bare, "+18005550100");
  EXPECT_THAT(form, HasSubstr("StringValue=Promotional"));
  EXPECT_THAT(form, Not(HasSubstr("SenderID")));
  EXPECT_THAT(form, Not(HasSubstr("MaxPrice")));
  EXPECT_THAT(form, HasSubstr("entry.2.Name=AWS.MM.SMS.OriginationNumber"));
}

TEST_F(SnsCarrier, NothingIsEverPublishedTwice) {
  const auto expect_unknown = [&](const std::string& octets, bool go_on) {
    const int before = aws_.peer().requests();
    EXPECT_EQ(fault_of(send(octets, go_on)), Fault::unknown) << octets;
    EXPECT_EQ(aws_.peer().requests(), before + 1) << octets;
  };
  expect_unknown(http_answer(500, xml_error("InternalError")), true);
  expect_unknown(http_answer(503, ""), true);
  expect_unknown("", false);
  expect_unknown(http_answer(200, "<PublishResponse/>"), true);
  expect_unknown("", true);  // times out
}

TEST_F(SnsCarrier, RefusalsAreOfTheMessageTheProviderOrTheAccount) {
  const auto invalid = send(http_answer(400, xml_error("InvalidParameter")));
  EXPECT_EQ(fault_of(invalid), Fault::message);
  EXPECT_EQ(std::get<ports::SmsFailed>(invalid).code, "invalid_parameter");
  for (const auto* code : {"Throttling", "Throttled"})
    EXPECT_EQ(fault_of(send(http_answer(400, xml_error(code)))), Fault::throttled);
  EXPECT_EQ(fault_of(send(http_answer(429, ""))), Fault::throttled);
  for (const auto* code : {"AuthorizationError", "InvalidClientTokenId", "KMSDisabled"})
    EXPECT_EQ(fault_of(send(http_answer(400, xml_error(code)))), Fault::account) << code;
  EXPECT_EQ(fault_of(send(http_answer(403, ""))), Fault::account);
}

TEST_F(SnsCarrier, ABatchKeepsItsOrder) {
  aws_.answer(http_answer(200, published));
  const std::vector<ports::Sms> batch(10, sms());
  EXPECT_EQ(carrier_.submit(batch, no_end).size(), 10U);
  EXPECT_EQ(aws_.peer().requests(), 10);
  EXPECT_TRUE(carrier_.submit({}, no_end).empty());
}

TEST_F(SnsCarrier, NoCallBeginsWhenTheTimeOfTheMessageIsOver) {
  const auto one = sms();
  const auto outcomes = carrier_.submit({&one, 1}, aws_.clock().now());
  EXPECT_TRUE(std::holds_alternative<ports::SmsNotBegun>(outcomes.at(0)));
  EXPECT_EQ(aws_.peer().requests(), 0);
  EXPECT_EQ(carrier_.width(), aws_.client().settings().concurrency);
}

}  // namespace
}  // namespace postrider::adapters::aws::sns
