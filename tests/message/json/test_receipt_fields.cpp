#include "message/json/receipt_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "message/json/order_event_json.hpp"

namespace postrider::message {
namespace {

using nlohmann::json;

TEST(ReceiptFields, AnIdIsATextOrAWholeNumber) {
  EXPECT_EQ(receipt_message_id("m-1"), "m-1");
  EXPECT_EQ(receipt_message_id(18446744073709551615U), "18446744073709551615");
  EXPECT_EQ(receipt_message_id(-7), "-7");
  for (const json& other : {json(), json(1.5), json(true), json::array({"m"}), json::object()})
    EXPECT_EQ(receipt_message_id(other), "") << other;
}

TEST(ReceiptFields, AReferenceIsAnIdAndANumber) {
  const auto id = domain::to_string(domain::NotificationId{});
  for (const json& attempt : {json(2), json("2"), json(2.0)})
    EXPECT_EQ(receipt_reference(id, attempt), (domain::AttemptReference{{}, 2})) << attempt;
  for (const json& attempt : {json(), json(0), json(-1), json(1.5), json(5000), json(1e300),
                              json(18446744073709551615U), json("x"), json(true)})
    EXPECT_EQ(receipt_reference(id, attempt), std::nullopt) << attempt;
  for (const json& other : {json(), json("o1"), json(7), json::array({id})})
    EXPECT_EQ(receipt_reference(other, 1), std::nullopt) << other;
}

TEST(ReceiptFields, APriceIsANumberOrItsText) {
  for (const json& value : {json(0.0075), json("0.0075"), json(-0.0075), json("-0.0075")})
    EXPECT_EQ(receipt_price(value), domain::Money{7'500}) << value;
  EXPECT_EQ(receipt_price(0), domain::Money{0});
  EXPECT_EQ(receipt_price("1e6"), domain::Money{1'000'000'000'000}) << "the tracker alarms on it";
  for (const json& value : {json(), json(""), json("0,0075"), json("0.0075 EUR"), json("1e300"),
                            json("NaN"), json(true), json::array({1})})
    EXPECT_EQ(receipt_price(value), std::nullopt) << value;
}

TEST(ReceiptFields, PartsAreAWholeNumberOrItsText) {
  for (const json& value : {json(2), json("2"), json(2.0), json("2.0")})
    EXPECT_EQ(receipt_segments(value), 2) << value;
  for (const json& value :
       {json(), json(0), json(-1), json(256), json(2.5), json("two"), json(""), json(1e300)})
    EXPECT_EQ(receipt_segments(value), std::nullopt) << value;
}

TEST(ReceiptFields, ATimeIsReadInItsUsualForms) {
  const auto at = parse_timestamp("2026-11-24T10:00:00Z");
  for (const json& value :
       {json("2026-11-24T10:00:00Z"), json("2026-11-24T11:00:00+01:00"),
        json("2026-11-24T11:00:00+0100"), json("2026-11-24T10:00:00.000+0000"),
        json("2026-11-24T05:00:00-05"), json("2026-11-24T10:00:00"), json("2026-11-24 10:00:00"),
        json("2026-11-24 10:00:00+0000"), json(1'795'514'400), json(1'795'514'400'000),
        json("1795514400"), json(1'795'514'400.0)})
    EXPECT_EQ(receipt_time(value), at) << value;
  EXPECT_EQ(receipt_time("2026-11-24"), parse_timestamp("2026-11-24"));
  for (const json& value :
       {json(), json(""), json("soon"), json("+0000"), json(-1), json(1e300), json("2026"),
        json(20'261'124'100'000), json("Wed, 31 Jul 2024 12:00:00 +0000"),
        json("2026-11-24T10:00:00+9999"), json(true), json::array()})
    EXPECT_EQ(receipt_time(value), std::nullopt) << value;
}

TEST(ReceiptFields, AProofIsOneOfThreeWords) {
  EXPECT_EQ(receipt_proof("carrier"), domain::Proof::carrier);
  for (const json& value : {json(), json("yes"), json(1)})
    EXPECT_EQ(receipt_proof(value), std::nullopt) << value;
}

}  // namespace
}  // namespace postrider::message
