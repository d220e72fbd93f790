// Quiet hours where clocks change, where a country has many zones, and against ICU's own offsets.
#include "message/time/quiet_hours.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/timezone.h>

#include <random>

namespace postrider::message {
namespace {

using domain::QuietTime;
using domain::TimePoint;
using namespace std::chrono;
using testing::ElementsAre;

TimePoint utc(int y, unsigned m, unsigned d, int hour, int minute = 0) {
  return sys_days{year{y} / month{m} / day{d}} + hours{hour} + minutes{minute};
}

QuietHours quiet(const char* span) { return QuietHours{*parse_quiet_span(span)}; }

std::vector<QuietTime> in_zone(const char* span, const char* zone, TimePoint from, TimePoint to) {
  return quiet(span).between(std::string{zone}, "", from, to);
}

TEST(QuietSpan, IsTwoTimesOfTheDay) {
  const auto night = parse_quiet_span("21:00-08:30");
  ASSERT_TRUE(night);
  EXPECT_EQ(night->from, 21 * 60);
  EXPECT_EQ(night->until, 8 * 60 + 30);
  EXPECT_TRUE(parse_quiet_span("00:00-23:59"));
  for (const char* bad : {"", "21-8", "21:00", "21:00-21:00", "24:00-08:00", "21:60-08:00",
                          "9:00-10:00", "21:00-08:00 ", "21:00–08:00", "aa:bb-cc:dd"})
    EXPECT_FALSE(parse_quiet_span(bad)) << bad;
}

TEST(QuietHours, TheNightIsByTheCustomersClock) {
  EXPECT_THAT(in_zone("21:00-08:00", "Europe/Berlin", utc(2026, 11, 25, 12), utc(2026, 11, 26, 0)),
              ElementsAre(QuietTime{utc(2026, 11, 25, 20), utc(2026, 11, 26, 7)}));
  EXPECT_THAT(in_zone("21:00-08:00", "Asia/Kolkata", utc(2026, 11, 25, 16), utc(2026, 11, 25, 17)),
              ElementsAre(QuietTime{utc(2026, 11, 25, 15, 30), utc(2026, 11, 26, 2, 30)}));
  EXPECT_THAT(in_zone("21:00-08:00", "Asia/Tokyo", utc(2026, 11, 25, 1), utc(2026, 11, 25, 11)),
              ElementsAre())
      << "ten to eight in the evening there";
}

TEST(QuietHours, SpanMonthsAndYears) {
  EXPECT_THAT(in_zone("21:00-08:00", "Europe/Berlin", utc(2026, 12, 31, 22), utc(2027, 1, 1, 1)),
              ElementsAre(QuietTime{utc(2026, 12, 31, 20), utc(2027, 1, 1, 7)}));
  EXPECT_THAT(in_zone("21:00-08:00", "Europe/Berlin", utc(2028, 2, 28, 21), utc(2028, 2, 29, 21)),
              ElementsAre(QuietTime{utc(2028, 2, 28, 20), utc(2028, 2, 29, 7)},
                          QuietTime{utc(2028, 2, 29, 20), utc(2028, 3, 1, 7)}));
}

TEST(QuietHours, ANightInWhichClocksGoForwardIsAnHourShorter) {
  // Berlin, 2026-03-29: 02:00 becomes 03:00.
  EXPECT_THAT(in_zone("21:00-08:00", "Europe/Berlin", utc(2026, 3, 28, 21), utc(2026, 3, 29, 5)),
              ElementsAre(QuietTime{utc(2026, 3, 28, 20), utc(2026, 3, 29, 6)}));
}

TEST(QuietHours, ANightInWhichClocksGoBackIsAnHourLonger) {
  // Berlin, 2026-10-25: 03:00 becomes 02:00.
  EXPECT_THAT(in_zone("21:00-08:00", "Europe/Berlin", utc(2026, 10, 24, 21), utc(2026, 10, 25, 5)),
              ElementsAre(QuietTime{utc(2026, 10, 24, 19), utc(2026, 10, 25, 7)}));
}

TEST(QuietHours, ASkippedTimeIsTheMomentOfTheChange) {
  EXPECT_THAT(in_zone("22:00-02:30", "Europe/Berlin", utc(2026, 3, 28, 23), utc(2026, 3, 29, 0)),
              ElementsAre(QuietTime{utc(2026, 3, 28, 21), utc(2026, 3, 29, 1)}));
}

TEST(QuietHours, ARepeatedTimeMakesTheQuietTheLonger) {
  EXPECT_THAT(in_zone("22:00-02:30", "Europe/Berlin", utc(2026, 10, 24, 23), utc(2026, 10, 25, 0)),
              ElementsAre(QuietTime{utc(2026, 10, 24, 20), utc(2026, 10, 25, 1, 30)}));
  EXPECT_THAT(in_zone("02:30-06:00", "Europe/Berlin", utc(2026, 10, 25, 1), utc(2026, 10, 25, 2)),
              ElementsAre(QuietTime{utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 5)}));
}

TEST(QuietHours, WithoutAZoneItIsQuietWhileItIsInAnyOfTheCountry) {
  // From nine in New York to eight in Honolulu.
  const auto times =
      quiet("21:00-08:00").between({}, "US", utc(2026, 11, 25, 19), utc(2026, 11, 26, 1));
  EXPECT_THAT(times, ElementsAre()) << "two in the afternoon in New York, nine in Honolulu";
  EXPECT_THAT(quiet("21:00-08:00").between({}, "US", utc(2026, 11, 25, 12), utc(2026, 11, 26, 1)),
              ElementsAre(QuietTime{utc(2026, 11, 25, 2), utc(2026, 11, 25, 18)}));
}

TEST(QuietHours, WithNeitherItIsByUtc) {
  EXPECT_THAT(quiet("21:00-08:00").between({}, "", utc(2026, 11, 25, 22), utc(2026, 11, 25, 23)),
              ElementsAre(QuietTime{utc(2026, 11, 25, 21), utc(2026, 11, 26, 8)}));
}

TEST(QuietHours, WhatWasRememberedForTheHourIsTheSameAnew) {
  const auto same = quiet("21:00-08:00");
  for (const int minute : {0, 59, 1, 30})
    for (const int hour : {12, 13, 12}) {
      const auto from = utc(2026, 11, 25, hour, minute);
      EXPECT_EQ(same.between({}, "AU", from, from + hours{12}),
                quiet("21:00-08:00").between({}, "AU", from, from + hours{12}));
      EXPECT_EQ(same.between("Europe/Berlin", "AU", from, from + hours{12}),
                quiet("21:00-08:00").between("Europe/Berlin", "", from, from + hours{12}));
    }
}

/// Minutes from midnight on the wall of `zone`, by ICU's offset.
int on_the_wall(const char* zone, TimePoint at) {
  const std::unique_ptr<icu::TimeZone> z{
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone))};
  std::int32_t raw = 0, summer = 0;
  UErrorCode status = U_ZERO_ERROR;
  z->getOffset(static_cast<double>(domain::to_unix_ms(at)), false, raw, summer, status);
  const auto local = at + milliseconds{raw + summer};
  return static_cast<int>(duration_cast<minutes>(local - floor<days>(local)).count());
}

TEST(QuietHours, HoldWheneverTheClockOnTheWallSaysSo) {
  std::mt19937 random{7};
  for (const char* zone : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                           "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"})
    for (const char* span : {"21:00-08:00", "02:15-02:45", "00:00-12:00"}) {
      const auto s = *parse_quiet_span(span);
      int disagree = 0;
      for (int i = 0; i < 400; ++i) {
        const auto at = utc(2026, 1, 1, 0) + minutes{random() % (366 * 24 * 60)};
        const int wall = on_the_wall(zone, at);
        const bool night =
            s.from < s.until ? wall >= s.from && wall < s.until : wall >= s.from || wall < s.until;
        const auto times = in_zone(span, zone, at, at + hours{1});
        const bool is_quiet = domain::quiet_until(times, at).has_value();
        EXPECT_TRUE(is_quiet || !night) << zone << " " << span << " " << domain::to_unix_ms(at);
        disagree += is_quiet != night;
      }
      EXPECT_LE(disagree, 2) << zone << " " << span << ": only around a change of the clocks";
    }
}

}  // namespace
}  // namespace postrider::message
