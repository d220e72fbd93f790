#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "message/redact.hpp"

namespace postrider::message {
namespace {

TEST(Redact, TakesOutPhoneNumbersHoweverTheyAreWritten) {
  EXPECT_EQ(redact("+4915112345678"), "[number]");
  EXPECT_EQ(redact("to +49 (0)151 1234-5678 now"), "to [number] now");
  EXPECT_EQ(redact("tel:030/1234567;x"), "tel:[number];x");
  EXPECT_EQ(redact("4254147755"), "[number]");
  EXPECT_EQ(redact("a+1.425.414.7755"), "a[number]");
}

TEST(Redact, TakesOutAddresses) {
  EXPECT_EQ(redact("ann.example@example.org"), "[address]");
  EXPECT_EQ(redact("rcpt <ann@example.org> refused"), "rcpt <[address]> refused");
  EXPECT_EQ(redact("/v1/customers?email=ann%40example.org&x=1"),
            "/v1/customers?email=[address]&x=1");
  EXPECT_EQ(redact("a@b.c, d@e.f"), "[address], [address]");
}

TEST(Redact, LeavesCodesRoutesAndVersionsAlone) {
  for (const char* code : {"carrier_accepted", "refused:invalid_number", "/v1/order-events",
                           "1.2.3", "smtp_550", "202611", "listening on 127.0.0.1", "äöü"})
    EXPECT_EQ(redact(code), code);
}

TEST(Redact, CutsLongValuesBetweenCharacters) {
  EXPECT_EQ(redact(std::string(500, 'x')).size(), longest_value);
  std::string umlauts = "x";
  while (umlauts.size() < 200) umlauts += "ä";
  const auto cut = redact(umlauts);
  EXPECT_EQ(cut.size(), longest_value - 1);
  EXPECT_EQ(cut, umlauts.substr(0, cut.size()));
}

TEST(Redact, DoesNotLeaveTheFirstDigitsOfANumberAtTheCut) {
  std::string value(longest_value - 6, 'x');
  value += "4915112345678";
  EXPECT_EQ(redact(value).find_first_of("0123456789"), std::string::npos);
}

RC_GTEST_PROP(RedactProperties, NoSevenDigitsInARowSurviveNorAnyAtSign, (const std::string& text)) {
  const auto number = std::to_string(*rc::gen::inRange<std::int64_t>(1'000'000, 999'999'999'999));
  const auto kept = redact(text + number + "/" + text + "@" + text);
  RC_ASSERT(kept.find('@') == std::string::npos);
  RC_ASSERT(kept.find(number) == std::string::npos);
  RC_ASSERT(kept.size() <= longest_value);
}

}  // namespace
}  // namespace postrider::message
