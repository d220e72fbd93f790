#include "domain/contact/quiet_time.hpp"

#include <gtest/gtest.h>

namespace postrider::domain {
namespace {

const std::vector<QuietTime> nights{{from_unix_ms(100), from_unix_ms(200)},
                                    {from_unix_ms(300), from_unix_ms(400)}};

TEST(QuietTime, BeginsWithItsFirstMillisecondAndEndsBeforeItsLast) {
  EXPECT_FALSE(quiet_until(nights, from_unix_ms(99)));
  EXPECT_EQ(quiet_until(nights, from_unix_ms(100)), from_unix_ms(200));
  EXPECT_EQ(quiet_until(nights, from_unix_ms(199)), from_unix_ms(200));
  EXPECT_FALSE(quiet_until(nights, from_unix_ms(200)));
  EXPECT_EQ(quiet_until(nights, from_unix_ms(399)), from_unix_ms(400));
  EXPECT_FALSE(quiet_until({}, from_unix_ms(100)));
}

TEST(QuietTime, IsReadBackAsItIsWritten) {
  EXPECT_EQ(to_text(nights), "100-200 300-400");
  EXPECT_EQ(parse_quiet_times(to_text(nights)), nights);
  EXPECT_TRUE(parse_quiet_times("").empty());
  EXPECT_TRUE(parse_quiet_times("x").empty());
  EXPECT_EQ(parse_quiet_times("100-200 300-").size(), 1U);
  EXPECT_EQ(parse_quiet_times("100-200 ").size(), 1U);
}

}  // namespace
}  // namespace postrider::domain
