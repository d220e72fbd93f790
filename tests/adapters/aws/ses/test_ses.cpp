#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "adapters/aws/peer_client.hpp"
#include "adapters/aws/ses/mail_event.hpp"
#include "adapters/aws/ses/mailer.hpp"

namespace postrider::adapters::aws::ses {
namespace {

using domain::ReceiptOutcome;
using wire::http_answer;
using Json = nlohmann::json;

message::Email mail() {
  message::Email one;
  one.reference = *domain::parse_notification_id("018f0000-0000-5000-8000-000000000001");
  one.attempt_no = 2;
  one.from = "Shop <orders@example.com>";
  one.to = "b@example.com";
  one.subject = "Order Update - größer";
  one.text = "text ✓";
  one.html = "<p>html</p>";
  one.headers = {{"List-Unsubscribe", "<https://example.com/u>"}};
  return one;
}

class Mailer : public testing::Test {
 protected:
  ports::MailOutcome send(const std::string& octets, bool go_on = true) {
    aws_.answer(octets, go_on);
    const auto one = mail();
    return mailer_.send({&one, 1}, aws_.clock().now() + std::chrono::hours{1}).front();
  }
  PeerClient aws_;
  SesMailer mailer_{aws_.client(), aws_.clock(), "postrider"};
};

TEST_F(Mailer, SendsBothPartsWithHeadersAndTags) {
  const auto outcome = send(http_answer(200, R"({"MessageId":"m-1"})"));
  EXPECT_EQ(std::get<ports::MailAccepted>(outcome).message_id, "m-1");
  const auto utf8 = [](const char* text) { return Json{{"Data", text}, {"Charset", "UTF-8"}}; };
  const Json expected{
      {"FromEmailAddress", "Shop <orders@example.com>"},
      {"Destination", {{"ToAddresses", {"b@example.com"}}}},
      {"Content",
       {{"Simple",
         {{"Subject", utf8("Order Update - größer")},
          {"Body", {{"Text", utf8("text ✓")}, {"Html", utf8("<p>html</p>")}}},
          {"Headers",
           Json::array({{{"Name", "List-Unsubscribe"}, {"Value", "<https://example.com/u>"}}})}}}}},
      {"EmailTags",
       Json::array({{{"Name", "notification"}, {"Value", "018f0000-0000-5000-8000-000000000001"}},
                    {{"Name", "attempt"}, {"Value", "2"}}})},
      {"ConfigurationSetName", "postrider"}};
  EXPECT_EQ(Json::parse(aws_.body()), expected);
  EXPECT_THAT(aws_.peer().request(0), testing::HasSubstr("POST /v2/email/outbound-emails HTTP"));
  EXPECT_THAT(aws_.peer().request(0), testing::HasSubstr("/us-east-1/ses/aws4_request"));
}

TEST_F(Mailer, TellsWhoseFaultARefusalIs) {
  const auto end_of = [](const ports::MailOutcome& outcome) -> std::string {
    const auto* no = std::get_if<ports::MailFailed>(&outcome);
    return no == nullptr ? "?" : std::string{domain::effect_of(no->fault).name} + " " + no->code;
  };
  EXPECT_EQ(end_of(send(json_refusal(400, "MessageRejected"))), "message message_rejected");
  EXPECT_EQ(end_of(send(json_refusal(400, "BadRequestException"))),
            "message bad_request_exception");
  EXPECT_EQ(end_of(send(json_refusal(400, "MessageRejected", "",
                                     "Email address is not verified. The following …"))),
            "account not_verified");
  EXPECT_EQ(end_of(send(json_refusal(400, "SendingPausedException"))),
            "account sending_paused_exception");
  EXPECT_EQ(end_of(send(json_refusal(404, "NotFoundException"))), "account not_found_exception");
  EXPECT_EQ(end_of(send(json_refusal(403, "AccessDeniedException"))),
            "account access_denied_exception");
  EXPECT_EQ(end_of(send(json_refusal(429, "TooManyRequestsException"))),
            "throttled too_many_requests_exception");
  EXPECT_EQ(end_of(send(json_refusal(400, "LimitExceededException"))),
            "throttled limit_exceeded_exception");
  EXPECT_EQ(end_of(send(json_refusal(408, "RequestTimeoutException"))),
            "server request_timeout_exception");
  EXPECT_EQ(end_of(send(json_refusal(500, "InternalFailure"))), "unknown internal_failure");
  EXPECT_EQ(end_of(send(json_refusal(503, "ServiceUnavailable"))), "unknown service_unavailable");
  EXPECT_EQ(end_of(send("", false)), "unknown connection_lost");
}

TEST_F(Mailer, BeginsNothingAfterItsTime) {
  const std::vector<message::Email> batch(3, mail());
  const auto outcomes = mailer_.send(batch, aws_.clock().now());
  ASSERT_EQ(outcomes.size(), 3U);
  for (const auto& outcome : outcomes)
    EXPECT_TRUE(std::holds_alternative<ports::MailNotBegun>(outcome));
  EXPECT_EQ(aws_.peer().requests(), 0);
}

// The shapes of the SES developer guide.
Json event(const std::string& type, const char* part, Json details) {
  details["timestamp"] = "2017-08-05T00:41:02.669Z";
  return {{"eventType", type},
          {part, std::move(details)},
          {"mail",
           {{"timestamp", "2017-08-05T00:40:02.012Z"},
            {"messageId", "EXAMPLE7c191be45"},
            {"destination", {"recipient@example.com"}},
            {"tags", {{"ses:configuration-set", {"ConfigSet"}}}}}}};
}

const auto now = domain::from_unix_ms(1'700'000'000'000);

domain::Receipt read(const Json& json) {
  const auto parsed = parse_mail_event(json.dump(), now);
  const auto* receipt = std::get_if<domain::Receipt>(&parsed);
  EXPECT_NE(receipt, nullptr) << json;
  return receipt == nullptr ? domain::Receipt{} : *receipt;
}

TEST(MailEvent, OnlyAHardBounceIsForGood) {
  const auto bounced =
      read(event("Bounce", "bounce", {{"bounceType", "Permanent"}, {"bounceSubType", "General"}}));
  EXPECT_EQ(bounced.carrier, "ses");
  EXPECT_EQ(bounced.message_id, "EXAMPLE7c191be45");
  EXPECT_EQ(bounced.detail, "permanent");
  EXPECT_EQ(message::format_timestamp(bounced.at), "2017-08-05T00:41:02.669Z");
  const struct {
    const char *type, *subtype, *detail;
    ReceiptOutcome outcome;
  } cases[] = {
      {"Permanent", "General", "permanent", ReceiptOutcome::failed_permanent},
      {"Permanent", "NoEmail", "no_email", ReceiptOutcome::failed_permanent},
      {"Permanent", "Suppressed", "suppressed", ReceiptOutcome::failed_permanent},
      {"Permanent", "OnAccountSuppressionList", "on_account_suppression_list",
       ReceiptOutcome::failed_temporary},
      {"Transient", "General", "transient", ReceiptOutcome::failed_temporary},
      {"Transient", "MailboxFull", "mailbox_full", ReceiptOutcome::failed_temporary},
      {"Undetermined", "Undetermined", "undetermined", ReceiptOutcome::failed_temporary},
  };
  for (const auto& one : cases) {
    const auto receipt =
        read(event("Bounce", "bounce", {{"bounceType", one.type}, {"bounceSubType", one.subtype}}));
    EXPECT_EQ(receipt.outcome, one.outcome) << one.type << " " << one.subtype;
    EXPECT_EQ(receipt.detail, one.detail) << one.type << " " << one.subtype;
  }
}

TEST(MailEvent, ComplaintsDeliveriesAndTheRest) {
  EXPECT_EQ(read(event("Complaint", "complaint", {{"complaintFeedbackType", "abuse"}})).outcome,
            ReceiptOutcome::opted_out);
  EXPECT_EQ(read(event("Complaint", "complaint", Json::object())).outcome,
            ReceiptOutcome::opted_out);
  EXPECT_EQ(read(event("Complaint", "complaint", {{"complaintFeedbackType", "not-spam"}})).outcome,
            ReceiptOutcome::accepted);
  EXPECT_EQ(read(event("Delivery", "delivery", Json::object())).outcome, ReceiptOutcome::delivered);
  EXPECT_EQ(read(event("Reject", "reject", {{"reason", "Bad content"}})).outcome,
            ReceiptOutcome::failed_temporary);
  for (const auto* type : {"Send", "Open", "DeliveryDelay", "Rendering Failure"}) {
    EXPECT_EQ(read(event(type, "x", Json::object())).outcome, ReceiptOutcome::accepted) << type;
    EXPECT_FALSE(domain::has_unknown_word(read(event(type, "x", Json::object())))) << type;
  }
  EXPECT_TRUE(domain::has_unknown_word(read(event("Hologram", "x", Json::object()))));
  auto identity = event("Bounce", "bounce", {{"bounceType", "Permanent"}});
  identity["notificationType"] = identity["eventType"];
  identity.erase("eventType");
  EXPECT_EQ(read(identity).outcome, ReceiptOutcome::failed_permanent);
}

TEST(MailEvent, ATimeThatCantBeReadIsNow) {
  for (const Json& at : {Json(), Json("soon"), Json::array()}) {
    auto odd = event("Bounce", "bounce", {{"bounceType", "Permanent"}});
    odd["bounce"]["timestamp"] = at;
    EXPECT_EQ(message::format_timestamp(read(odd).at), "2017-08-05T00:40:02.012Z") << "the mail's";
    odd["mail"]["timestamp"] = at;
    EXPECT_EQ(read(odd).at, now);
    EXPECT_EQ(read(odd).outcome, ReceiptOutcome::failed_permanent);
  }
}

TEST(MailEvent, WhatIsNoEventSaysWhy) {
  const auto code_of = [](const std::string& json) {
    const auto parsed = parse_mail_event(json, now);
    const auto* error = std::get_if<message::FieldError>(&parsed);
    return error == nullptr ? "" : error->code + error->pointer;
  };
  EXPECT_EQ(code_of("]"), "invalid_json");
  EXPECT_EQ(code_of("{}"), "missing_field/mail/messageId");
  EXPECT_EQ(code_of(R"({"mail":{"messageId":"m"}})"), "missing_field/eventType");
}

}  // namespace
}  // namespace postrider::adapters::aws::ses
