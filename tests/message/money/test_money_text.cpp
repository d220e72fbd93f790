#include "message/money/money_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace postrider::message {
namespace {

using domain::Money;

TEST(MoneyText, IsExactToTheMillionth) {
  EXPECT_EQ(parse_money("0.05"), Money{50'000});
  EXPECT_EQ(parse_money("1000"), Money{1'000'000'000});
  EXPECT_EQ(parse_money("0.000001"), Money{1});
  EXPECT_EQ(parse_money("007.5"), Money{7'500'000});
}

TEST(MoneyText, HasTwoToSixDecimals) {
  EXPECT_EQ(print_money({0}), "0.00");
  EXPECT_EQ(print_money({7500}), "0.0075");
  EXPECT_EQ(print_money({1}), "0.000001");
  EXPECT_EQ(print_money({1'500'000}), "1.50");
  EXPECT_EQ(print_money({1'000'000'000}), "1000.00");
  EXPECT_EQ(print_money({-2'000'001}), "-2.000001");
  EXPECT_EQ(print_money({-10'000}), "-0.01");
}

TEST(MoneyText, SignsRoundingAndExponentsAreRefused) {
  for (const char* text : {"", ".", ".5", "5.", "-1", "+1", "1e3", "0.0000001", "1,5", "1 000",
                           "nan", "1.-5", "1.2.3", "99999999999", "99999999999999999999999"})
    EXPECT_EQ(parse_money(text), std::nullopt) << text;
}

TEST(MoneyText, IsAtMostAThousandMillion) {
  EXPECT_EQ(parse_money("1000000000"), Money{1'000'000'000'000'000});
  EXPECT_EQ(parse_money("1000000000.000000"), Money{1'000'000'000'000'000});
  EXPECT_EQ(parse_money("1000000000.000001"), std::nullopt);
}

RC_GTEST_PROP(MoneyText, WhatIsPrintedIsReadBack, ()) {
  const Money money{*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'000)};
  RC_ASSERT(parse_money(print_money(money)) == money);
}

}  // namespace
}  // namespace postrider::message
