#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "message/json/order_event_json.hpp"

namespace postrider::message {
namespace {

std::string again(std::string_view text) {
  const auto t = parse_timestamp(text);
  return t ? format_timestamp(*t) : "none";
}

TEST(Timestamps, Rfc3339IsReadWithItsOffset) {
  EXPECT_EQ(again("2026-11-25T09:30:00Z"), "2026-11-25T09:30:00.000Z");
  EXPECT_EQ(again("2026-11-25T09:30:00.5+02:00"), "2026-11-25T07:30:00.500Z");
  EXPECT_EQ(again("2026-01-01T00:15:00-05:30"), "2026-01-01T05:45:00.000Z");
  EXPECT_EQ(again("2026-11-25t09:30:00.123456789z"), "2026-11-25T09:30:00.123Z");
  EXPECT_EQ(again("2026-11-25 09:30:00+00:00"), "2026-11-25T09:30:00.000Z");
  EXPECT_EQ(again("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00.000Z");
  EXPECT_EQ(again("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000Z");
  EXPECT_EQ(again("1996-07-04T00:00:00Z"), "1996-07-04T00:00:00.000Z");
}

TEST(Timestamps, DatabaseFormsAreTakenAsUtc) {
  EXPECT_EQ(again("1996-07-04"), "1996-07-04T00:00:00.000Z");
  EXPECT_EQ(again("1996-07-04 12:30"), "1996-07-04T12:30:00.000Z");
  EXPECT_EQ(again("1996-07-04 12:30:15"), "1996-07-04T12:30:15.000Z");
  EXPECT_EQ(again("1996-07-04 00:00:00.000"), "1996-07-04T00:00:00.000Z");
}

TEST(Timestamps, AnythingElseIsNone) {
  for (const auto* text : {"",
                           "yesterday",
                           "2026",
                           "2026-11",
                           "2026-13-01",
                           "2026-02-29",
                           "2026-11-25T",
                           "2026-11-25 ",
                           "2026-11-25T09:30:00",
                           "2026-11-25T09:30Z",
                           "2026-11-25T24:00:00Z",
                           "2026-11-25T09:60:00Z",
                           "2026-11-25T09:30:61Z",
                           "2026-11-25T09:30:00.Z",
                           "2026-11-25T09:30:00+2:00",
                           "2026-11-25T09:30:00+24:00",
                           "2026-11-25T09:30:00Zx",
                           "2026-11-25T09:30:00ZZ",
                           "25.11.2026",
                           "1764063000",
                           "+2026-11-25",
                           "2026-1-1",
                           "2026-11-25  09:30"})
    EXPECT_EQ(again(text), "none") << text;
}

RC_GTEST_PROP(TimestampProperties, WhatIsFormattedIsReadBack, ()) {
  const auto ms = *rc::gen::inRange<std::int64_t>(-62'135'596'800'000, 253'402'300'799'999);
  const auto t = domain::from_unix_ms(ms);
  RC_ASSERT(parse_timestamp(format_timestamp(t)) == t);
}

RC_GTEST_PROP(TimestampProperties, AnyTextIsReadWithoutHarm, (const std::string& text)) {
  (void)parse_timestamp(text);
  const auto broken = "2026-11-25T09:30:00" + text;
  const auto t = parse_timestamp(broken);
  if (!t) return;  // only an offset can follow
  RC_ASSERT(std::string_view{"Zz+-."}.find(text.front()) != std::string_view::npos);
}

}  // namespace
}  // namespace postrider::message
