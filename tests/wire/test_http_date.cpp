#include <gtest/gtest.h>

#include "wire/http_date.hpp"

namespace postrider::wire {
namespace {

using std::chrono::seconds;

const auto now = domain::from_unix_ms(784'111'777'000);  // the date that RFC 9110 §5.6.7 shows

TEST(HttpDate, HasTheFormOfToday) {
  EXPECT_EQ(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), now);
  for (const auto* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                           "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 GMT+1",
                           "1994-11-06T08:49:37Z", "784111777"})
    EXPECT_EQ(http_date(text), std::nullopt) << text;
}

TEST(RetryAfter, IsSecondsOrADate) {
  EXPECT_EQ(retry_after("0", now), seconds{0});
  EXPECT_EQ(retry_after("120", now), seconds{120});
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:50:37 GMT", now), seconds{60});
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", now), seconds{0}) << "over";
  EXPECT_GT(retry_after("9999999999999999999999", now), seconds{86'400});
  EXPECT_GT(retry_after("Fri, 31 Dec 9999 23:59:59 GMT", now), seconds{86'400});
  for (const auto* text : {"", "-1", "1.5", "1 s", "soon", "+5"})
    EXPECT_EQ(retry_after(text, now), std::nullopt) << text;
}

}  // namespace
}  // namespace postrider::wire
