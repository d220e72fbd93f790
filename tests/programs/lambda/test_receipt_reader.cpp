#include "programs/lambda/receipt_reader.hpp"

#include <gtest/gtest.h>

namespace postrider::programs {
namespace {

std::string carrier_of(const std::string& json) {
  const auto read = read_receipt(json, domain::from_unix_ms(1'700'000'000'000));
  const auto* receipt = std::get_if<domain::Receipt>(&read);
  return receipt == nullptr ? std::get<message::FieldError>(read).code : receipt->carrier;
}

TEST(ReceiptReader, TellsProvidersByTheMembersOfTheirDocuments) {
  EXPECT_EQ(carrier_of(R"({"eventType":"Bounce","mail":{"messageId":"m"}})"), "ses");
  EXPECT_EQ(carrier_of(R"({"notificationType":"Bounce","mail":{"messageId":"m"}})"), "ses");
  EXPECT_EQ(carrier_of(R"({"eventType":"TEXT_DELIVERED","messageId":"m"})"), "end_user_messaging");
  EXPECT_EQ(carrier_of(R"({"notification":{"messageId":"m","timestamp":"2026-11-25 00:00:00.000"},
      "delivery":{"providerResponse":"Message has been accepted by phone"},"status":"SUCCESS"})"),
            "sns");
}

TEST(ReceiptReader, IsNotMisledByWhatAShopOrACustomerWrote) {
  for (const auto* words : {R"(\"TEXT_DELIVERED\")", R"(\"providerResponse\")",
                            R"(\"notification\":{})", R"(\"mail\":{})"}) {
    const std::string text{words};
    EXPECT_EQ(
        carrier_of(R"({"eventType":"Bounce","mail":{"messageId":"m","commonHeaders":{"subject":")" +
                   text + R"("},"tags":{"notification":["x"]}}})"),
        "ses")
        << text;
    EXPECT_EQ(carrier_of(R"({"eventType":"TEXT_DELIVERED","messageId":"m","context":{"k":")" +
                         text + R"(","mail":"x"}})"),
              "end_user_messaging")
        << text;
    EXPECT_EQ(carrier_of(R"({"notification":{"messageId":"m"},"delivery":{"providerResponse":")" +
                         text + R"("},"status":"FAILURE"})"),
              "sns")
        << text;
  }
}

TEST(ReceiptReader, WhatIsNoneSaysWhy) {
  EXPECT_EQ(carrier_of("]"), "invalid_json");
  EXPECT_EQ(carrier_of("{}"), "missing_field");
  EXPECT_EQ(carrier_of(R"({"mail":"m"})"), "missing_field");
}

}  // namespace
}  // namespace postrider::programs
