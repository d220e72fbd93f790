// Ids, months, priorities, waits and the circuit breaker.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "domain/delivery/retry.hpp"
#include "domain/intake/status.hpp"
#include "domain/limits/circuit_breaker.hpp"
#include "domain/notification_id.hpp"
#include "domain/time.hpp"

namespace postrider::domain {
namespace {

using namespace std::chrono_literals;

NotificationId any_id() {
  NotificationId id;
  for (auto& byte : id.bytes) byte = *rc::gen::arbitrary<std::uint8_t>();
  return id;
}

RC_GTEST_PROP(NotificationIds, AreReadBackInEitherCase, ()) {
  const auto id = any_id();
  auto text = to_string(id);
  RC_ASSERT(text.size() == 36U);
  RC_ASSERT(parse_notification_id(text) == id);
  for (auto& c : text) c = static_cast<char>(std::toupper(c));
  RC_ASSERT(parse_notification_id(text) == id);
}

RC_GTEST_PROP(NotificationIds, AreReadOnlyFromTextOfTheRightForm, ()) {
  auto text = to_string(any_id());
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text[at] = *rc::gen::element('g', ' ', '_', '\0', '/', ':', '@', 'G', '`');
  RC_ASSERT(!parse_notification_id(text));
}

TEST(NotificationIds, OfTheWrongLengthAreNone) {
  const auto text = to_string(NotificationId{});
  EXPECT_EQ(text, "00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(parse_notification_id(""), std::nullopt);
  EXPECT_EQ(parse_notification_id(text + "0"), std::nullopt);
  EXPECT_EQ(parse_notification_id(text.substr(1)), std::nullopt);
  EXPECT_EQ(parse_notification_id("{" + text.substr(2) + "}"), std::nullopt);
  EXPECT_EQ(parse_notification_id("000000000000000000000000000000000000"), std::nullopt);
}

TEST(Months, ChangeAtMidnightUtc) {
  using namespace std::chrono;
  const auto at = [](sys_days day, Milliseconds more) { return TimePoint{day} + more; };
  EXPECT_EQ(month_of(at(sys_days{2026y / November / 30}, 24h - 1ms)), 202611);
  EXPECT_EQ(month_of(at(sys_days{2026y / December / 1}, 0ms)), 202612);
  EXPECT_EQ(month_of(at(sys_days{2026y / December / 31}, 24h - 1ms)), 202612);
  EXPECT_EQ(month_of(at(sys_days{2027y / January / 1}, 0ms)), 202701);
  EXPECT_EQ(month_of(at(sys_days{2028y / February / 29}, 12h)), 202802);
  EXPECT_EQ(month_of(at(sys_days{2028y / February / 29}, 24h)), 202803);
  EXPECT_EQ(month_of(at(sys_days{1969y / December / 31}, 24h - 1ms)), 196912);
}

TEST(Months, FollowEachOtherOverTheEndOfAYear) {
  EXPECT_EQ(next_month(202611), 202612);
  EXPECT_EQ(next_month(202612), 202701);
  EXPECT_EQ(previous_month(202612), 202611);
  EXPECT_EQ(previous_month(202701), 202612);
}

TEST(Priorities, OfBadNewsAreHigh) {
  for (const char* status :
       {"cancelled", "refunded", "failed", "canceled", "order.canceled", "order_refunded"})
    EXPECT_EQ(priority_of(status), Priority::high) << status;
  for (const char* status : {"confirmed", "shipped", "delivered", "Cancelled", "", "failed ",
                             "order", "order.", "order.shipped", "reorder.failed"})
    EXPECT_EQ(priority_of(status), Priority::normal) << status;
}

RC_GTEST_PROP(Backoff, StaysBetweenAMillisecondAndItsCeiling, ()) {
  const auto id = any_id();
  const auto tries = *rc::gen::inRange(1, 200);
  const Milliseconds base{*rc::gen::inRange(0, 3'600'000)};
  const Milliseconds cap{*rc::gen::inRange(1, 86'400'000)};
  const auto wait = backoff(id, tries, base, cap);
  RC_ASSERT(wait >= 1ms);
  RC_ASSERT(wait <= std::max(cap, 1ms));
  if (tries <= 8) RC_ASSERT(wait <= std::max<Milliseconds>(base * (1 << (tries - 1)), 1ms));
  RC_ASSERT(wait == backoff(id, tries, base, cap));
}

TEST(Backoff, SpreadsManyNotificationsEvenlyOverTheWholeTime) {
  constexpr int ids = 20'000, bins = 10;
  for (const int tries : {1, 2, 3}) {
    std::array<int, bins> filled{};
    for (int i = 0; i < ids; ++i) {
      NotificationId id;  // ids that differ in two bytes only
      id.bytes[3] = static_cast<std::uint8_t>(i);
      id.bytes[9] = static_cast<std::uint8_t>(i >> 8);
      const auto ceiling = 1000ms * (1 << (tries - 1));
      const auto wait = backoff(id, tries, 1000ms, 1h);
      ++filled[static_cast<std::size_t>((wait.count() - 1) * bins / ceiling.count())];
    }
    for (const int count : filled) EXPECT_NEAR(count, ids / bins, 250) << "tries " << tries;
  }
}

TEST(Backoff, OfTwoTriesOfOneNotificationAreNotTheSameFraction) {
  int equal = 0;
  for (std::uint8_t i = 0; i < 100; ++i) {
    NotificationId id;
    id.bytes[0] = i;
    equal += spread(id, 1, 1000) == spread(id, 2, 1000);
  }
  EXPECT_LT(equal, 5);
}

constexpr TimePoint t0 = from_unix_ms(1'795'564'800'000);

TEST(Breaker, LetsAllGoAtFirst) {
  const CircuitBreaker breaker;
  EXPECT_TRUE(breaker.allows(t0));
  EXPECT_EQ(breaker.width(100), 100);
}

TEST(Breaker, BlocksLongerWithEachFailureUpToTheLongestWait) {
  CircuitBreaker breaker;
  Milliseconds before{0};
  for (int i = 0; i < 40; ++i) {
    const auto wait = breaker.fail(t0, 0ms, 30s);
    EXPECT_GE(wait, before);
    EXPECT_GE(wait, CircuitBreaker::first_wait);
    EXPECT_LE(wait, 30s);
    EXPECT_FALSE(breaker.allows(t0 + wait - 1ms));
    EXPECT_TRUE(breaker.allows(t0 + wait));
    before = wait;
  }
  EXPECT_EQ(before, 30s);
}

TEST(Breaker, WaitsAsLongAsTheCarrierAsksWithinReason) {
  EXPECT_EQ(CircuitBreaker{}.fail(t0, 4s, 30s), 4s);
  EXPECT_EQ(CircuitBreaker{}.fail(t0, 20min, 30s), 20min) << "longer than a wait of our own";
  EXPECT_EQ(CircuitBreaker{}.fail(t0, 24h, 30s), 1h) << "a date in another year";
}

TEST(Breaker, AWaitThatTheRestOfABatchAsksForIsNoFurtherFailure) {
  CircuitBreaker breaker;
  breaker.fail(t0, 0ms, 30s);
  for (int i = 0; i < 8; ++i) breaker.extend(t0 + Milliseconds{i}, 1min);
  EXPECT_EQ(breaker.failures, 1);
  EXPECT_FALSE(breaker.allows(t0 + 1min));
  EXPECT_TRUE(breaker.allows(t0 + 1min + 7ms));
  breaker.extend(t0, 24h);
  EXPECT_TRUE(breaker.allows(t0 + 1h));
}

TEST(Breaker, ProbesWithOneMessageUntilOneSucceeds) {
  CircuitBreaker breaker;
  breaker.fail(t0, 0ms, 30s);
  EXPECT_EQ(breaker.width(100), 1);
  breaker.succeed();
  EXPECT_EQ(breaker.width(100), 100);
  EXPECT_TRUE(breaker.allows(t0));
}

TEST(Breaker, ARunOfUnknownEndsIsAFailureAndSoIsAProbeThatEndsSo) {
  CircuitBreaker breaker;
  EXPECT_FALSE(breaker.count_unknown(3));
  EXPECT_FALSE(breaker.count_unknown(3));
  breaker.succeed();
  EXPECT_FALSE(breaker.count_unknown(3)) << "a definite answer ends the run";
  EXPECT_FALSE(breaker.count_unknown(3));
  EXPECT_TRUE(breaker.count_unknown(3));
  breaker = {};
  breaker.fail(t0, 0ms, 30s);
  EXPECT_TRUE(breaker.count_unknown(3));
}

}  // namespace
}  // namespace postrider::domain
