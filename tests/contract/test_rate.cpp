// The rate that all workers share: never over the limit, urgent ones find room, and what was not
// used comes back.
#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

class Rate : public Contract {
 protected:
  /// Asks for the parts of each message; the first `urgent` ones are urgent, and the first `again`
  /// of these were refused before.
  static domain::PartsGrant ask(ports::Allowance& allowance, const std::vector<int>& messages,
                                domain::TimePoint now, std::size_t urgent = 0,
                                std::size_t again = 0) {
    const auto granted = allowance.take_parts({messages, urgent, again}, now);
    EXPECT_TRUE(granted) << granted.error().what;
    return granted ? *granted : domain::PartsGrant{};
  }
  /// Asks for messages of one part each.
  static domain::PartsGrant ask_single(ports::Allowance& allowance, int messages,
                                       domain::TimePoint now) {
    return ask(allowance, std::vector<int>(static_cast<std::size_t>(messages), 1), now);
  }
};
POSTRIDER_IN_EVERY_HOME(Rate);

TEST_P(Rate, NoSecondEverHasMoreThanTheLimit) {
  const auto allowance = home_->allowance(20);
  std::vector<std::pair<domain::TimePoint, int>> grants;
  for (int ms = 0; ms < 10'000; ms += 7) {
    const auto now = start + Milliseconds{ms};
    grants.emplace_back(now, ask_single(*allowance, 1 + ms % 5, now).parts);
  }
  int all = 0;
  for (std::size_t i = 0; i < grants.size(); ++i) {
    int in_second = 0;
    for (std::size_t k = i;
         k < grants.size() && grants[k].first < grants[i].first + Milliseconds{1000}; ++k)
      in_second += grants[k].second;
    EXPECT_LE(in_second, 20);
    all += grants[i].second;
  }
  EXPECT_GE(all, 190) << "nearly all of what is allowed can be used";
}

TEST_P(Rate, SaysWhenToAskAgain) {
  const auto allowance = home_->allowance(10);
  EXPECT_EQ(ask_single(*allowance, 10, start).parts, 10);
  const auto refused = ask_single(*allowance, 1, start + Milliseconds{300});
  EXPECT_EQ(refused.parts, 0);
  EXPECT_GT(refused.wait, Milliseconds{0});
  EXPECT_EQ(ask_single(*allowance, 1, start + Milliseconds{300} + refused.wait).parts, 1);
}

TEST_P(Rate, GivesTheRemainingParts) {
  const auto allowance = home_->allowance(10);
  EXPECT_EQ(ask_single(*allowance, 7, start).parts, 7);
  EXPECT_EQ(ask_single(*allowance, 7, start).parts, 3);
}

TEST_P(Rate, PartsOfOneMessageAreGivenTogetherOrNotAtAll) {
  const auto allowance = home_->allowance(10);
  EXPECT_EQ(ask_single(*allowance, 8, start).parts, 8);
  EXPECT_EQ(ask(*allowance, {3, 1}, start).parts, 0);
  const auto first = ask(*allowance, {2, 3}, start);
  EXPECT_EQ(first.parts, 2) << "the refusal took nothing";
  EXPECT_EQ(first.messages, 1U);
}

TEST_P(Rate, AMessageLongerThanTheLimitWaitsForAnIdleSecondAndUsesUpThoseThatFollow) {
  const auto allowance = home_->allowance(2);
  EXPECT_EQ(ask_single(*allowance, 1, start).parts, 1);
  const auto refused = ask(*allowance, {5}, start);
  EXPECT_EQ(refused.parts, 0);
  const auto idle = start + refused.wait;
  EXPECT_EQ(ask(*allowance, {5}, idle).parts, 5);
  EXPECT_EQ(ask_single(*allowance, 1, idle + Milliseconds{2000}).parts, 0);
  EXPECT_EQ(ask_single(*allowance, 1, idle + Milliseconds{3100}).parts, 1);
}

TEST_P(Rate, PartsNotUsedCanBeTakenAgain) {
  const auto allowance = home_->allowance(10);
  const auto grant = ask_single(*allowance, 10, start);
  ASSERT_TRUE(allowance->return_parts(4, grant));
  EXPECT_EQ(ask_single(*allowance, 10, start).parts, 4);
}

TEST_P(Rate, WhatComesBackIsTakenFromItsOwnGrant) {
  const auto allowance = home_->allowance(10);
  const auto first = ask_single(*allowance, 5, start);
  ASSERT_EQ(ask_single(*allowance, 5, start + Milliseconds{900}).parts, 5);
  ASSERT_TRUE(allowance->return_parts(5, first));
  const auto when_first_would_leave = start + Milliseconds{1100};
  EXPECT_EQ(ask_single(*allowance, 10, when_first_would_leave).parts, 5)
      << "the five of the other grant went out 200 ms ago";
}

TEST_P(Rate, AGrantThatHasLeftTheWindowGivesNothingBack) {
  const auto allowance = home_->allowance(10);
  const auto old = ask_single(*allowance, 10, start);
  const auto later = start + Milliseconds{1500};
  ASSERT_EQ(ask_single(*allowance, 10, later).parts, 10);
  ASSERT_TRUE(allowance->return_parts(10, old));
  EXPECT_EQ(ask_single(*allowance, 10, later).parts, 0) << "ten went out just now";
}

TEST_P(Rate, AnUrgentOneThatWasRefusedFindsRoomThoughNormalOnesAsk) {
  const auto allowance = home_->allowance(10);
  const auto until = start + Milliseconds{1100};
  ask_single(*allowance, 10, start);
  ask(*allowance, {3}, start + Milliseconds{100}, 1);
  int normal = 0;
  for (auto now = start + Milliseconds{101}; now < until; now += Milliseconds{10})
    normal += ask_single(*allowance, 10, now).parts;
  EXPECT_EQ(normal, 6) << "all but what the urgent one asked for, and a spare one";
  EXPECT_EQ(ask(*allowance, {3}, until, 1, 1).parts, 3);
  EXPECT_EQ(ask_single(*allowance, 10, until + Milliseconds{1100}).parts, 10)
      << "nothing is kept now";
}

TEST_P(Rate, RoomIsKeptForEachUrgentOneAndNotForEver) {
  const auto allowance = home_->allowance(10);
  const auto after = [](int ms) { return start + Milliseconds{ms}; };
  ask_single(*allowance, 10, start);
  ask(*allowance, {1}, after(10), 1);
  ask(*allowance, {2}, after(20), 1);
  ask(*allowance, {2}, after(30), 1, 1);  // it comes again, and is refused again
  EXPECT_EQ(ask_single(*allowance, 10, after(1050)).parts, 6) << "three and a spare one are kept";
  EXPECT_EQ(ask(*allowance, {1, 1}, after(1060), 1, 0).messages, 1U)
      << "a new urgent one may go, a normal one with it may not";
  EXPECT_EQ(ask_single(*allowance, 10, after(2100)).parts, 6) << "the three still wait";
  EXPECT_EQ(ask_single(*allowance, 10, after(5500)).parts, 10) << "they do not come any more";
}

TEST_P(Rate, WithOnePartASecondNormalOnesWaitForAnUrgentOne) {
  const auto allowance = home_->allowance(1);
  ask_single(*allowance, 1, start);
  ask(*allowance, {1}, start + Milliseconds{500}, 1);
  EXPECT_EQ(ask_single(*allowance, 1, start + Milliseconds{1100}).parts, 0);
  EXPECT_EQ(ask(*allowance, {1}, start + Milliseconds{1500}, 1, 1).parts, 1);
  EXPECT_EQ(ask_single(*allowance, 1, start + Milliseconds{2600}).parts, 1);
}

TEST_P(Rate, UrgentOnesWithoutEndLeaveAFifthToNormalOnes) {
  const auto allowance = home_->allowance(10);
  int urgent = 0, normal = 0;
  for (int ms = 0; ms < 10'200; ms += 10) {
    urgent += ask(*allowance, {1}, start + Milliseconds{ms}, 1).parts;
    normal += ask(*allowance, {1}, start + Milliseconds{ms + 5}).parts;
  }
  EXPECT_GE(normal, 20);
  EXPECT_LE(normal, 30);
  EXPECT_GE(urgent + normal, 98);
}

TEST_P(Rate, ZeroMeansNoLimit) {
  const auto allowance = home_->allowance(0);
  EXPECT_EQ(ask_single(*allowance, 100'000, start).parts, 100'000);
}

}  // namespace
}  // namespace postrider::contract
