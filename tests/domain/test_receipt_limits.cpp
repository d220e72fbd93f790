#include "domain/delivery/receipt_limits.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace postrider::domain {
namespace {

TEST(ReceiptLimits, APriceIsRoundedToAMillionth) {
  EXPECT_EQ(receipt_price(0.00645), Money{6'450});
  EXPECT_EQ(receipt_price(0.0000004), Money{0});
  EXPECT_EQ(receipt_price(0.0000006), Money{1});
}

TEST(ReceiptLimits, APriceIsWhatMoneyHolds) {
  EXPECT_EQ(receipt_price(0), Money{0});
  EXPECT_EQ(receipt_price(1e6), Money{1'000'000'000'000});
  EXPECT_EQ(receipt_price(9e12), Money{9'000'000'000'000'000'000});
  for (const double amount :
       {-0.01, 9.1e12, std::numeric_limits<double>::infinity(),
        -std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    EXPECT_EQ(receipt_price(amount), std::nullopt) << amount;
}

TEST(ReceiptLimits, AnSmsHasFromOneTo255Parts) {
  EXPECT_EQ(receipt_segments(1), 1);
  EXPECT_EQ(receipt_segments(255), 255);
  for (const std::int64_t count : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{256},
                                   std::numeric_limits<std::int64_t>::min(), std::int64_t{1} << 32})
    EXPECT_EQ(receipt_segments(count), std::nullopt) << count;
}

TEST(ReceiptLimits, AMessageIdHasFromOneTo128Octets) {
  EXPECT_TRUE(is_message_id("m"));
  EXPECT_TRUE(is_message_id(std::string(128, 'm')));
  EXPECT_FALSE(is_message_id(""));
  EXPECT_FALSE(is_message_id(std::string(129, 'm')));
}

}  // namespace
}  // namespace postrider::domain
