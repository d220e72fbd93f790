#include "adapters/aws/sns/receipt.hpp"

#include <gtest/gtest.h>

namespace postrider::adapters::aws::sns {
namespace {

using domain::Proof;
using domain::ReceiptOutcome;

// The two lines of the SNS developer guide.
constexpr const char* success =
    R"({"notification":{"messageId":"34d9b400-c6dd-5444-820d-fbeb0f1f54cf",)"
    R"("timestamp":"2016-06-28 00:40:34.558"},"delivery":{"phoneCarrier":"My Phone Carrier",)"
    R"("mnc":270,"numberOfMessageParts":1,"destination":"+1XXX5550100","priceInUSD":0.00645,)"
    R"("smsType":"Transactional","mcc":310,)"
    R"("providerResponse":"Message has been accepted by phone carrier","dwellTimeMs":599,)"
    R"("dwellTimeMsUntilDeviceAck":1344},"status":"SUCCESS"})";

std::string failure(const std::string& response) {
  return R"({"notification":{"messageId":"m","timestamp":"2016-06-28 00:40:34.5"},"delivery":)"
         R"({"mnc":0,"destination":"+1XXX5550100","smsType":"Transactional","mcc":0,)"
         R"("providerResponse":")" +
         response + R"("},"status":"FAILURE"})";
}

const auto now = domain::from_unix_ms(1'700'000'000'000);

domain::Receipt read(const std::string& line) {
  const auto parsed = parse_delivery_log(line, now);
  const auto* receipt = std::get_if<domain::Receipt>(&parsed);
  EXPECT_NE(receipt, nullptr) << line;
  return receipt == nullptr ? domain::Receipt{} : *receipt;
}

TEST(SnsReceipt, ReadsTheGuidesExample) {
  const auto receipt = read(success);
  EXPECT_EQ(receipt.carrier, "sns");
  EXPECT_EQ(receipt.message_id, "34d9b400-c6dd-5444-820d-fbeb0f1f54cf");
  EXPECT_EQ(receipt.outcome, ReceiptOutcome::delivered);
  EXPECT_EQ(receipt.proof, Proof::carrier);
  EXPECT_EQ(receipt.price, domain::Money{6'450});
  EXPECT_EQ(receipt.segments, 1);
  EXPECT_EQ(message::format_timestamp(receipt.at), "2016-06-28T00:40:34.558Z");
}

TEST(SnsReceipt, TheHandsetsWordIsTheBetterProof) {
  std::string line = success;
  line.replace(line.find("phone carrier\""), 14, "phone\"");
  EXPECT_EQ(read(line).proof, Proof::handset);
}

TEST(SnsReceipt, EveryResponseHasItsClass) {
  const std::pair<const char*, ReceiptOutcome> responses[] = {
      {"Blocked as spam by phone carrier", ReceiptOutcome::failed_permanent},
      {"Destination is on a blocked list", ReceiptOutcome::failed_permanent},
      {"Destination is blacklisted", ReceiptOutcome::failed_permanent},
      {"Invalid phone number", ReceiptOutcome::failed_permanent},
      {"Message body is invalid", ReceiptOutcome::failed_permanent},
      {"Phone carrier has blocked this message", ReceiptOutcome::failed_permanent},
      {"Phone carrier is currently unreachable/unavailable", ReceiptOutcome::failed_temporary},
      {"Phone has blocked SMS", ReceiptOutcome::failed_permanent},
      {"Phone is on a blocked list", ReceiptOutcome::failed_permanent},
      {"Phone is blacklisted", ReceiptOutcome::failed_permanent},
      {"Phone is currently unreachable/unavailable", ReceiptOutcome::failed_temporary},
      {"Phone number is opted out", ReceiptOutcome::opted_out},
      {"This delivery would exceed max price", ReceiptOutcome::failed_permanent},
      {"Unknown error attempting to reach phone", ReceiptOutcome::failed_temporary},
      {"No quota left for account", ReceiptOutcome::account},
      {"Sandboxed account unable to send to number.", ReceiptOutcome::account},
      {"Your account requires additional review prior to being able to send SMS messages. Please "
       "create a support ticket",
       ReceiptOutcome::account},
      {"Unhandled provider", ReceiptOutcome::account},
  };
  for (const auto& [response, outcome] : responses) {
    EXPECT_EQ(read(failure(response)).outcome, outcome) << response;
    EXPECT_FALSE(domain::has_unknown_word(read(failure(response)))) << response;
  }
  EXPECT_FALSE(read(failure("No quota left for account")).price) << "absent stays absent";
}

TEST(SnsReceipt, AnUnknownWordIsNotFinal) {
  for (const auto& line :
       {failure("Something new"), failure(""),
        std::string{R"({"notification":{"messageId":"m"},"delivery":{},"status":"PENDING"})"}}) {
    EXPECT_TRUE(domain::has_unknown_word(read(line))) << line;
    EXPECT_EQ(read(line).proof, Proof::none) << line;
  }
}

TEST(SnsReceipt, OnlyTheIdAndTheStatusCount) {
  const auto with = [](const std::string& notification, const std::string& delivery) {
    return read(R"({"notification":{"messageId":"m")" + notification + R"(},"delivery":{)" +
                delivery + R"(},"status":"SUCCESS"})");
  };
  EXPECT_EQ(with("", "").outcome, ReceiptOutcome::delivered);
  for (const auto* at : {"", R"(,"timestamp":"soon")", R"(,"timestamp":null)"})
    EXPECT_EQ(with(at, "").at, now) << at;
  for (const auto* price : {R"("priceInUSD":"")", R"("priceInUSD":"n/a")", R"("priceInUSD":null)"})
    EXPECT_FALSE(with("", price).price) << price;
  EXPECT_EQ(with("", R"("priceInUSD":"0.00881")").price, domain::Money{8'810});
  EXPECT_EQ(with("", R"("numberOfMessageParts":"2")").segments, 2);
  EXPECT_FALSE(with("", R"("numberOfMessageParts":"two")").segments);
}

TEST(SnsReceipt, WhatIsNoReceiptSaysWhy) {
  const auto code_of = [](const std::string& line) {
    const auto parsed = parse_delivery_log(line, now);
    const auto* error = std::get_if<message::FieldError>(&parsed);
    return error == nullptr ? "" : error->code + error->pointer;
  };
  EXPECT_EQ(code_of(""), "invalid_json");
  EXPECT_EQ(code_of("[1]"), "invalid_json");
  EXPECT_EQ(code_of("{}"), "missing_field/notification/messageId");
  EXPECT_EQ(code_of(R"({"notification":7})"), "missing_field/notification/messageId");
  EXPECT_EQ(code_of(R"({"notification":{"messageId":"m","timestamp":"2016-06-28 00:40:34"}})"),
            "missing_field/status");
}

}  // namespace
}  // namespace postrider::adapters::aws::sns
