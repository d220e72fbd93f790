#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "settings/units.hpp"

namespace postrider::settings {
namespace {

using domain::Milliseconds;
using namespace std::chrono_literals;

TEST(Durations, AreDigitsAndOneUnit) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("15m"), 15min);
  EXPECT_EQ(parse_duration("12h"), 12h);
  EXPECT_EQ(parse_duration("30d"), 30 * 24h);
  EXPECT_EQ(parse_duration("0"), 0ms);
}

TEST(Durations, RefuseWhatPeopleMightHaveMeant) {
  for (const char* text : {"", "15", "m", "1.5h", "-5s", "+5s", "5 s", "5S", "5min", "1h30m",
                           "0x5s", "9999999999999999999s", "4000d"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

RC_GTEST_PROP(Durations, WhatIsPrintedIsReadBack, ()) {
  const Milliseconds duration{*rc::gen::inRange<std::int64_t>(0, 3'650LL * 86'400'000)};
  RC_ASSERT(parse_duration(print_duration(duration)) == duration);
}

TEST(Durations, ArePrintedInTheLongestUnitThatFits) {
  EXPECT_EQ(print_duration(900s), "15m");
  EXPECT_EQ(print_duration(24h), "1d");
  EXPECT_EQ(print_duration(90s), "90s");
  EXPECT_EQ(print_duration(1500ms), "1500ms");
}

RC_GTEST_PROP(Fractions, WhatIsPrintedIsReadBack, (double value)) {
  const double share = std::abs(value) > 1 ? 1 / value : value;
  RC_ASSERT(parse_fraction(print_fraction(share)) == share);
}

TEST(Fractions, AreFiniteNumbersWithoutTricks) {
  EXPECT_EQ(parse_fraction("0.02"), 0.02);
  for (const char* text : {"", "nan", "inf", "0.1x", "1e-3", "0x1"})
    EXPECT_EQ(parse_fraction(text), std::nullopt) << text;
}

TEST(Endpoints, HaveHostAndPort) {
  const auto v4 = parse_endpoint("127.0.0.1:8080");
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->host, "127.0.0.1");
  EXPECT_EQ(v4->port, 8080);
  EXPECT_EQ(parse_endpoint("[::1]:80")->host, "::1");
  for (const char* text : {"", "8080", ":8080", "localhost", "localhost:", "host:65536", "::1:80"})
    EXPECT_FALSE(parse_endpoint(text)) << text;
}

TEST(Loopback, IsTheMachineItselfOnly) {
  for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host :
       {"0.0.0.0", "::", "10.0.0.1", "127.0.0.1.evil.example", "", "example.com"})
    EXPECT_FALSE(is_loopback(host)) << host;
}

TEST(UrlHost, IgnoresUserPortAndPath) {
  EXPECT_EQ(host_of_url("https://u:p@h.example:8443/x@y"), "h.example");
  EXPECT_EQ(host_of_url("http://[::1]:80/"), "::1");
  EXPECT_EQ(host_of_url("no url"), "");
}

TEST(Nearest, NamesATypingMistakeAndNothingFarther) {
  const std::vector<std::string> names{"sms.parts_per_second", "sms.workers", "listen"};
  EXPECT_EQ(nearest("sms.parts_per_secnd", names), "sms.parts_per_second");
  EXPECT_EQ(nearest("listne", names), "listen");
  EXPECT_EQ(nearest("something_else", names), "");
}

}  // namespace
}  // namespace postrider::settings
