#include "domain/delivery/chain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "domain/delivery/claim_rules.hpp"

namespace postrider::domain {
namespace {

using namespace std::chrono_literals;

const TimePoint noon = from_unix_ms(1'795'564'800'000);
constexpr std::int64_t noon_us = 1'795'564'800'000'000;

NotificationId id_of(std::uint8_t number) {
  NotificationId id;
  id.bytes[15] = number;
  return id;
}

Rank rank(std::optional<TimePoint> occurred, std::int64_t taken, std::uint8_t number = 1) {
  return rank_of(occurred, taken, taken, id_of(number));
}

TEST(Rank, GoesByTheTimeOfTheEvent) {
  EXPECT_LT(rank(noon - 2s, noon_us + 9), rank(noon - 1s, noon_us));
}

TEST(Rank, GoesByIntakeWhereNoTimeIsGivenOrBothAreTheSame) {
  EXPECT_LT(rank({}, noon_us), rank({}, noon_us + 1));
  EXPECT_LT(rank(noon - 1s, noon_us), rank(noon - 1s, noon_us + 1));
}

TEST(Rank, NeverBelievesAClockThatIsAhead) {
  const auto shipped_by_a_fast_clock = rank(noon + 2h, noon_us);
  const auto cancelled_a_second_later = rank({}, noon_us + 1'000'000);
  EXPECT_LT(shipped_by_a_fast_clock, cancelled_a_second_later);
}

TEST(Rank, IsOneTotalOrder) {
  std::vector<Rank> all;
  std::uint8_t number = 0;
  for (const auto& occurred :
       {std::optional<TimePoint>{}, std::optional{noon - 1h}, std::optional{noon},
        std::optional{noon + 1h}, std::optional{from_unix_ms(-62'135'596'800'000)},
        std::optional{from_unix_ms(253'402'300'799'999)}})
    for (const std::int64_t taken : {noon_us - 3'600'000'000, noon_us, noon_us + 1})
      all.push_back(rank(occurred, taken, ++number));
  for (const auto& a : all)
    for (const auto& b : all) {
      EXPECT_EQ((a < b) + (b < a) + (a == b), 1);
      for (const auto& c : all)
        if (a < b && b < c) {
          EXPECT_LT(a, c);
        }
    }
}

TEST(Chain, IsTheOrderOrAParcelOfIt) {
  Notification order;
  order.shop = "shop";
  order.order_id = "o1";
  auto status = order;
  status.status = "shipped";
  EXPECT_TRUE(is_same_chain(order, status));
  auto parcel = order;
  parcel.parcel = "1";
  EXPECT_FALSE(is_same_chain(order, parcel));
  EXPECT_TRUE(is_same_chain(parcel, parcel));
  auto own_key = order;
  own_key.explicit_key = true;
  EXPECT_FALSE(is_same_chain(order, own_key));
  EXPECT_FALSE(is_same_chain(own_key, own_key)) << "it is its own chain";
  own_key.parcel = "1";
  EXPECT_TRUE(is_same_chain(parcel, own_key));
  for (const auto change :
       {+[](Notification& n) { n.shop = "another"; }, +[](Notification& n) { n.mode = Mode::test; },
        +[](Notification& n) { n.order_id = "o2"; }}) {
    auto other = order;
    change(other);
    EXPECT_FALSE(is_same_chain(order, other));
  }
}

TEST(Chain, WasToldWhereverAProviderMayHaveTheMessage) {
  Notification n;
  for (std::size_t i = 0; i < state_count; ++i) {
    n.state = static_cast<State>(i);
    EXPECT_EQ(was_told(n), n.state == State::emailed || n.state == State::bounced) << i;
  }
  n.state = State::dead;
  n.sms_submitted = true;
  EXPECT_TRUE(was_told(n));
  n.sms_submitted = false;
  n.mail_submitted = true;
  EXPECT_TRUE(was_told(n));
}

class ChainOfTwo : public testing::Test {
 protected:
  static ChainFacts facts(State state, bool newer, bool told = false,
                          std::optional<TimePoint> due = noon, bool has_email = true) {
    ChainFacts facts;
    facts.add(rank({}, noon_us),
              {rank({}, noon_us + (newer ? 1 : -1), 2), state, due, told, has_email}, noon);
    return facts;
  }
  using enum ChainVerdict;
};

TEST_F(ChainOfTwo, NothingGoesAfterANewerOneThatWasTold) {
  for (std::size_t i = 0; i < state_count; ++i) {
    const auto state = static_cast<State>(i);
    EXPECT_EQ(judge_claim(facts(state, true, true)), superseded) << name(state);
    EXPECT_EQ(judge_waking(facts(state, true, true)), superseded) << name(state);
  }
}

TEST_F(ChainOfTwo, AnOlderOneThatWasToldOrWaitsStopsNothing) {
  for (const auto state : {State::accepted, State::deferred, State::email_due, State::unknown,
                           State::sms_sent, State::delivered, State::emailed, State::dead})
    for (const bool told : {false, true})
      EXPECT_EQ(judge_claim(facts(state, false, told)), may_go) << name(state);
}

TEST_F(ChainOfTwo, OnlyOneIsWithAWorker) {
  for (const auto state : {State::sending_sms, State::sending_email})
    for (const bool newer : {false, true})
      EXPECT_EQ(judge_claim(facts(state, newer)), held_back) << name(state);
}

TEST_F(ChainOfTwo, ANewerOneThatIsDueAndCanReachSomebodyGoesFirst) {
  EXPECT_EQ(judge_claim(facts(State::accepted, true)), held_back);
  EXPECT_EQ(judge_claim(facts(State::accepted, true, false, noon + 5s)), held_back)
      << "its next try is near";
  EXPECT_EQ(judge_claim(facts(State::email_due, true)), held_back);
  EXPECT_EQ(judge_claim(facts(State::email_due, true, false, noon + 1h)), may_go)
      << "the mail server has put it off";
  EXPECT_EQ(judge_claim(facts(State::email_due, true, false, noon, false)), may_go);
  EXPECT_EQ(judge_claim(facts(State::deferred, true, false, noon + 1h)), may_go);
}

TEST_F(ChainOfTwo, ANewerOneThatReachesNobodyStopsNothing) {
  for (const auto state : {State::no_contact, State::dead, State::discarded, State::superseded}) {
    EXPECT_EQ(judge_claim(facts(state, true, false, {})), may_go) << name(state);
    EXPECT_EQ(judge_waking(facts(state, true, false, {})), may_go) << name(state);
  }
}

TEST_F(ChainOfTwo, ADeferredOneWaitsForANewerOneThatIsDeferredToo) {
  EXPECT_EQ(judge_waking(facts(State::deferred, true, false, noon + 1h)), held_back);
  EXPECT_EQ(judge_waking(facts(State::deferred, false, false, noon + 1h)), may_go);
}

TEST(ClaimOfAChain, IsNotPutOffByAThirdOneThatIsDeferredForLong) {
  Notification n;
  n.created_at = noon;
  n.not_after = noon + 12h;
  n.content.email = "buyer@example.org";
  ChainFacts chain;
  chain.add(rank({}, noon_us), {rank({}, noon_us + 1, 2), State::accepted, noon, false, true},
            noon);
  chain.add(rank({}, noon_us), {rank({}, noon_us + 2, 3), State::deferred, noon + 9h, false, true},
            noon);
  const ClaimTerms terms{noon, Milliseconds{60'000}};
  EXPECT_EQ(std::get<MustWait>(judge_sms_claim(n, {.chain = chain}, terms)).until, noon + 250ms);
  EXPECT_EQ(std::get<MustWait>(judge_email_claim(n, {.chain = chain}, terms)).until, noon + 250ms);
}

TEST_F(ChainOfTwo, IsLookedAtAgainAfterTheNewerOneIsDueAndSeldomWhereItHasWaitedLong) {
  Notification n;
  n.created_at = noon;
  EXPECT_EQ(look_again_at(n, {}, noon), noon + 250ms);
  EXPECT_EQ(look_again_at(n, noon + 5s, noon), noon + 5s + 250ms);
  EXPECT_EQ(look_again_at(n, {}, noon + 80s), noon + 90s);
  EXPECT_EQ(look_again_at(n, {}, noon + 24h), noon + 24h + 1min);
}

}  // namespace
}  // namespace postrider::domain
