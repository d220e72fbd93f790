#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/aws/end_user_messaging/sms_carrier.hpp"
#include "adapters/aws/end_user_messaging/text_event.hpp"
#include "adapters/aws/peer_client.hpp"
#include "support/faults.hpp"

namespace postrider::adapters::aws::end_user_messaging {
namespace {

using domain::Fault;
using support::fault_of;

using domain::ReceiptOutcome;
using wire::http_answer;
using Json = nlohmann::json;

constexpr const char* id = "018f0000-0000-5000-8000-000000000001";

ports::Sms sms() {
  ports::Sms one;
  one.reference = *domain::parse_notification_id(id);
  one.attempt_no = 2;
  one.to = "+14254147755";
  one.text = "Zażółć 🐢";
  one.sender_id = "Shop";
  one.max_price = domain::Money{50'000};
  one.validity = std::chrono::minutes{13};
  return one;
}

class Carrier : public testing::Test {
 protected:
  ports::SmsOutcome send(const std::string& octets) {
    aws_.answer(octets);
    const auto one = sms();
    return carrier_.submit({&one, 1}, no_end).front();
  }
  PeerClient aws_;
  EndUserMessagingCarrier carrier_{aws_.client(), {"pool-1", "postrider"}};
};

TEST_F(Carrier, SendsTheMessageWithLifePriceAndReference) {
  const auto outcome = send(http_answer(200, R"({"MessageId":"m-1"})"));
  EXPECT_EQ(std::get<ports::SmsAccepted>(outcome).message_id, "m-1");
  const Json expected{{"DestinationPhoneNumber", "+14254147755"},
                      {"OriginationIdentity", "pool-1"},
                      {"MessageBody", "Zażółć 🐢"},
                      {"MessageType", "TRANSACTIONAL"},
                      {"ConfigurationSetName", "postrider"},
                      {"MaxPrice", "0.05000"},
                      {"TimeToLive", 780},
                      {"Context", {{"notification", id}, {"attempt", "2"}}}};
  EXPECT_EQ(Json::parse(aws_.body()), expected);
  EXPECT_THAT(aws_.peer().request(0),
              testing::HasSubstr("x-amz-target: PinpointSMSVoiceV2.SendTextMessage"));
}

TEST_F(Carrier, RefusesAtOnceWhatSnsReportsLater) {
  struct Row {
    const char *type, *reason;
    Fault fault;
  };
  for (const auto& row :
       {Row{"ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", Fault::opted_out},
        Row{"ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", Fault::account},
        Row{"ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
            Fault::account},
        Row{"ServiceQuotaExceededException", "DAILY_DESTINATION_CALL_LIMIT", Fault::account},
        Row{"AccessDeniedException", "ACCOUNT_DISABLED", Fault::account},
        Row{"AccessDeniedException", "INSUFFICIENT_ACCOUNT_REPUTATION", Fault::account},
        Row{"AccessDeniedException", "", Fault::account},
        Row{"ValidationException", "DESTINATION_COUNTRY_BLOCKED", Fault::country},
        Row{"ConflictException", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
            Fault::country},
        Row{"ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", Fault::country},
        Row{"ValidationException", "SENDER_ID_NOT_REGISTERED", Fault::sender},
        Row{"ValidationException", "PRICE_OVER_THRESHOLD", Fault::message},
        Row{"ValidationException", "", Fault::message},
        Row{"ThrottlingException", "", Fault::throttled}})
    EXPECT_EQ(fault_of(send(json_refusal(400, row.type, row.reason))), row.fault)
        << row.type << " " << row.reason;
  EXPECT_EQ(fault_of(send(json_refusal(500, "InternalServerException"))), Fault::unknown);
  EXPECT_EQ(fault_of(send(http_answer(200, "{}"))), Fault::unknown);
}

TEST_F(Carrier, NothingIsEverSentTwice) {
  aws_.answer("", false);
  const auto one = sms();
  EXPECT_EQ(fault_of(carrier_.submit({&one, 1}, no_end).front()), Fault::unknown);
  EXPECT_EQ(aws_.peer().requests(), 1);
}

// The event of the user guide, with our Context.
Json event(const std::string& status) {
  return {{"eventType", "TEXT_" + status},
          {"eventVersion", "1.0"},
          {"eventTimestamp", 1686975103470},
          {"isFinal", true},
          {"originationPhoneNumber", "+12065550152"},
          {"destinationPhoneNumber", "+14255550156"},
          {"isInternationalSend", false},
          {"mcc", "310"},
          {"mnc", "800"},
          {"messageId", "862a8790-60c0-4430-9b2b-658bdexample"},
          {"messageRequestTimestamp", 1686975103170},
          {"messageEncoding", "GSM"},
          {"messageType", "PROMOTIONAL"},
          {"messageStatus", status},
          {"messageStatusDescription", "Message has been accepted by phone carrier"},
          {"context", {{"notification", id}, {"attempt", "2"}}},
          {"totalMessageParts", 2},
          {"totalMessagePrice", 0.09582},
          {"totalCarrierFee", 0.003}};
}

const auto now = domain::from_unix_ms(1'700'000'000'000);

domain::Receipt read(const Json& json) {
  const auto parsed = parse_text_event(json.dump(), now);
  const auto* receipt = std::get_if<domain::Receipt>(&parsed);
  EXPECT_NE(receipt, nullptr) << json;
  return receipt == nullptr ? domain::Receipt{} : *receipt;
}

TEST(TextEvent, ReadsTheGuidesExample) {
  const auto receipt = read(event("SUCCESSFUL"));
  EXPECT_EQ(receipt.carrier, "end_user_messaging");
  EXPECT_EQ(receipt.message_id, "862a8790-60c0-4430-9b2b-658bdexample");
  EXPECT_EQ(receipt.outcome, ReceiptOutcome::delivered);
  EXPECT_EQ(receipt.proof, domain::Proof::carrier);
  EXPECT_EQ(receipt.price, domain::Money{98'820}) << "price and carrier fee";
  EXPECT_EQ(receipt.segments, 2);
  EXPECT_EQ(domain::to_unix_ms(receipt.at), 1686975103470);
  ASSERT_TRUE(receipt.reference);
  EXPECT_EQ(domain::to_string(receipt.reference->notification), id);
  EXPECT_EQ(receipt.reference->attempt_no, 2);
}

TEST(TextEvent, EveryStatusHasItsClass) {
  const std::pair<const char*, ReceiptOutcome> classes[] = {
      {"SUCCESSFUL", ReceiptOutcome::delivered},
      {"DELIVERED", ReceiptOutcome::delivered},
      {"PENDING", ReceiptOutcome::accepted},
      {"QUEUED", ReceiptOutcome::accepted},
      {"INVALID", ReceiptOutcome::failed_permanent},
      {"INVALID_MESSAGE", ReceiptOutcome::failed_permanent},
      {"UNREACHABLE", ReceiptOutcome::failed_temporary},
      {"CARRIER_UNREACHABLE", ReceiptOutcome::failed_temporary},
      {"BLOCKED", ReceiptOutcome::failed_permanent},
      {"CARRIER_BLOCKED", ReceiptOutcome::failed_permanent},
      {"SPAM", ReceiptOutcome::failed_permanent},
      {"UNKNOWN", ReceiptOutcome::failed_temporary},
      {"TTL_EXPIRED", ReceiptOutcome::failed_temporary},
      {"PROTECT_BLOCKED", ReceiptOutcome::failed_permanent},
  };
  for (const auto& [status, outcome] : classes) {
    EXPECT_EQ(read(event(status)).outcome, outcome) << status;
    EXPECT_FALSE(domain::has_unknown_word(read(event(status)))) << status;
  }
  EXPECT_TRUE(domain::has_unknown_word(read(event("RCS_NEW")))) << "not final";
  EXPECT_EQ(read(event("DELIVERED")).proof, domain::Proof::handset);
}

TEST(TextEvent, WhatIsNotFinalMovesNothing) {
  for (const auto* status : {"SUCCESSFUL", "UNREACHABLE"}) {
    auto open = event(status);
    open["isFinal"] = false;
    EXPECT_EQ(read(open).outcome, ReceiptOutcome::accepted);
    EXPECT_EQ(read(open).proof, domain::Proof::none);
  }
}

TEST(TextEvent, OnlyTheIdAndTheStatusCount) {
  for (const Json& at : {Json(), Json("soon"), Json(-1), Json::array()}) {
    auto odd = event("DELIVERED");
    odd["eventTimestamp"] = at;
    odd["totalMessagePrice"] = "dear";
    odd["totalCarrierFee"] = Json::object();
    odd["totalMessageParts"] = "2.0";
    odd["context"] = 7;
    const auto receipt = read(odd);
    EXPECT_EQ(receipt.outcome, ReceiptOutcome::delivered) << at;
    EXPECT_EQ(receipt.at, now) << at;
    EXPECT_FALSE(receipt.price);
    EXPECT_EQ(receipt.segments, 2);
  }
  auto as_text = event("DELIVERED");
  as_text["eventTimestamp"] = "1686975103470";
  as_text["messageId"] = 4711;
  EXPECT_EQ(domain::to_unix_ms(read(as_text).at), 1686975103470);
  EXPECT_EQ(read(as_text).message_id, "4711");
}

TEST(TextEvent, AnOptOutIsRecognisedByItsDescription) {
  auto blocked = event("BLOCKED");
  blocked["messageStatusDescription"] = "Destination phone number is opted out";
  EXPECT_EQ(read(blocked).outcome, ReceiptOutcome::opted_out);
}

TEST(TextEvent, AStrangersContextNamesNoAttempt) {
  auto strange = event("DELIVERED");
  for (const Json& context :
       {Json{{"account", "bar"}}, Json("x"), Json{{"notification", id}, {"attempt", "0"}},
        Json{{"notification", "n"}, {"attempt", "1"}}}) {
    strange["context"] = context;
    EXPECT_FALSE(read(strange).reference) << context;
  }
}

TEST(TextEvent, WhatIsNoEventSaysWhy) {
  const auto code_of = [](const std::string& json) {
    const auto parsed = parse_text_event(json, now);
    const auto* error = std::get_if<message::FieldError>(&parsed);
    return error == nullptr ? "" : error->code + error->pointer;
  };
  EXPECT_EQ(code_of("no"), "invalid_json");
  EXPECT_EQ(code_of(R"({"eventType":"VOICE_ANSWERED"})"), "invalid_value/eventType");
  EXPECT_EQ(code_of(R"({"eventType":"TEXT_DELIVERED"})"), "missing_field/messageId");
}

TEST_F(Carrier, NoCallBeginsWhenTheTimeOfTheMessageIsOver) {
  const auto one = sms();
  const auto outcomes = carrier_.submit({&one, 1}, aws_.clock().now());
  EXPECT_TRUE(std::holds_alternative<ports::SmsNotBegun>(outcomes.at(0)));
  EXPECT_EQ(aws_.peer().requests(), 0);
  EXPECT_EQ(carrier_.width(), aws_.client().settings().concurrency);
}

}  // namespace
}  // namespace postrider::adapters::aws::end_user_messaging
