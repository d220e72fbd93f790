#include "domain/limits/pacer.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <algorithm>
#include <vector>

namespace postrider::domain {
namespace {

using namespace std::chrono_literals;
using Time = Pacer::Time;

const Time start{1h};
const Time never = start + 24h;

TEST(Pacer, LetsALimitsWorthGoAtOnceAndTheNextAWindowLater) {
  Pacer pacer{3};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pacer.book(1, start, never), start);
  EXPECT_EQ(pacer.book(1, start, never), start + Pacer::window);
  EXPECT_EQ(pacer.book(1, start + 10ms, never), start + Pacer::window);
  EXPECT_EQ(pacer.book(1, start + 10s, never), start + 10s);
}

TEST(Pacer, TakesNothingWhenTheTimeIsTooFarAway) {
  Pacer pacer{1};
  EXPECT_EQ(pacer.book(1, start, never), start);
  EXPECT_EQ(pacer.book(1, start, start + 1s), std::nullopt);
  EXPECT_EQ(pacer.book(1, start, never), start + Pacer::window) << "the one before took no place";
}

TEST(Pacer, AMessageLongerThanTheLimitWaitsForAnIdleWindowAndUsesUpThoseThatFollow) {
  Pacer pacer{2};
  EXPECT_EQ(pacer.book(1, start, never), start);
  EXPECT_EQ(pacer.book(5, start, never), start + Pacer::window);
  EXPECT_EQ(pacer.book(1, start, never), start + 4 * Pacer::window);
}

TEST(Pacer, WithoutALimitEverythingGoesNow) {
  Pacer pacer{0};
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(pacer.book(9, start, never), start);
  EXPECT_EQ(pacer.book(1, start, start), std::nullopt);
}

RC_GTEST_PROP(Pacer, NoSecondHasMoreThanTheLimitAndTheRateIsUsed, ()) {
  const int limit = *rc::gen::inRange(1, 30);
  Pacer pacer{limit};
  struct Sent {
    Time at;
    int parts;
  };
  std::vector<Sent> sent;
  Time now = start;
  int total = 0;
  const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
      rc::gen::pair(rc::gen::inRange(1, 6), rc::gen::inRange(0, 40)));
  for (const auto& [parts, pause] : steps) {
    now += std::chrono::milliseconds{pause};
    if (parts > limit) continue;
    const auto at = pacer.book(parts, now, never);
    RC_ASSERT(at.has_value());
    RC_ASSERT(*at >= now);
    RC_ASSERT((sent.empty() || *at >= sent.back().at));
    sent.push_back({*at, parts});
    total += parts;
  }
  for (const auto& last : sent) {
    int within = 0;
    for (const auto& s : sent)
      if (s.at > last.at - 1s && s.at <= last.at) within += s.parts;
    RC_ASSERT(within <= limit);
  }
  if (sent.empty()) return;
  // No second stays empty while something waits: at most the parts of one message are left over.
  const int used = std::max(limit - 4, 1);
  RC_ASSERT(sent.back().at - now <= Pacer::window * (total / used + 1));
}

}  // namespace
}  // namespace postrider::domain
