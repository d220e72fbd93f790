#include <thread>

#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::Each;
using testing::ElementsAre;

class ThrottleRule : public Contract {
 protected:
  /// The number-th notification to one person.
  static Notification of_one(int number, Milliseconds after = {}) {
    auto n = sample_at(number, after);
    n.content.phone = "+14255550100";
    return n;
  }

  /// The same where no SMS can be sent.
  static Notification mail_of_one(int number, Milliseconds after = {}) {
    auto n = sample_at(number, after);
    n.state = State::email_due;
    n.reason = "phone_missing";
    n.content.phone.clear();
    n.content.email = "busy@example.com";
    return n;
  }

  State insert_one(const Notification& n, int limit) { return insert(store(), {n}, limit).at(0); }
};
POSTRIDER_IN_EVERY_HOME(ThrottleRule);

TEST_P(ThrottleRule, AnOrderOverTheLimitIsDeferredUntilTheOldestLeavesTheHour) {
  EXPECT_THAT(insert(store(), {of_one(1), of_one(2, minutes{1}), of_one(3, minutes{2})}, 2),
              ElementsAre(State::accepted, State::accepted, State::deferred));
  const auto deferred = load(store(), id_of(3));
  EXPECT_EQ(deferred.state, State::deferred);
  EXPECT_EQ(deferred.due_at, start + hours{1});
  EXPECT_EQ(details(query(), id_of(3)).history.front().cause, "throttled");
}

TEST_P(ThrottleRule, TestModeDoesNotUseUpTheLiveSlots) {
  std::vector<Notification> batch{of_one(1), of_one(2), of_one(3)};
  batch[0].mode = batch[1].mode = domain::Mode::test;
  EXPECT_THAT(insert(store(), batch, 1),
              ElementsAre(State::accepted, State::deferred, State::accepted));
  EXPECT_EQ(insert_one(of_one(4, minutes{1}), 1), State::deferred);
}

TEST_P(ThrottleRule, SeveralDeferredOnesDoNotAllWakeAtOnce) {
  std::vector<Notification> batch;
  for (int i = 1; i <= 6; ++i) batch.push_back(of_one(i, minutes{i}));
  insert(store(), batch, 2);
  EXPECT_EQ(load(store(), id_of(3)).due_at, start + minutes{61});
  EXPECT_EQ(load(store(), id_of(4)).due_at, start + minutes{62});
  EXPECT_EQ(load(store(), id_of(5)).due_at, start + minutes{121});
  EXPECT_EQ(load(store(), id_of(6)).due_at, start + minutes{122});
}

TEST_P(ThrottleRule, AfterTheHourTheNextPasses) {
  insert(store(), {of_one(1), of_one(2)}, 2);
  EXPECT_EQ(insert_one(of_one(3, hours{1} - Milliseconds{1}), 2), State::deferred);
  EXPECT_EQ(insert_one(of_one(4, hours{3}), 2), State::accepted);
}

TEST_P(ThrottleRule, HighPriorityPassesButCounts) {
  auto urgent = of_one(2);
  urgent.priority = domain::Priority::high;
  EXPECT_THAT(insert(store(), {of_one(1), urgent, of_one(3)}, 1),
              ElementsAre(State::accepted, State::accepted, State::deferred));
  auto urgent_first = sample(11);
  urgent_first.priority = domain::Priority::high;
  auto second = sample(12);
  second.content.phone = urgent_first.content.phone;
  EXPECT_THAT(insert(store(), {urgent_first, second}, 1),
              ElementsAre(State::accepted, State::deferred));
}

TEST_P(ThrottleRule, CustomersOfOtherShopsAndOtherCustomersDoNotCount) {
  auto other_shop = of_one(2);
  other_shop.shop = "another";
  EXPECT_THAT(insert(store(), {of_one(1), other_shop, sample(3)}, 1), Each(State::accepted));
}

TEST_P(ThrottleRule, RepeatsDoNotCount) {
  insert(store(), {of_one(1)}, 2);
  const auto repeat = of_one(1);
  ASSERT_TRUE(store().insert({&repeat, 1}, {.limit = 2}));
  EXPECT_EQ(insert_one(of_one(2), 2), State::accepted);
}

TEST_P(ThrottleRule, GuestsWhoShareAnIdDoNotUseUpEachOthersLimit) {
  auto guest = sample(2);
  guest.customer_id = of_one(1).customer_id;
  EXPECT_THAT(insert(store(), {of_one(1), guest}, 1), Each(State::accepted));
}

TEST_P(ThrottleRule, OnePersonWithTwoIdsHasOneLimit) {
  auto again = of_one(2);
  again.content.email = "other@example.com";
  EXPECT_THAT(insert(store(), {of_one(1), again}, 1),
              ElementsAre(State::accepted, State::deferred));
}

TEST_P(ThrottleRule, EmailsCountAndWait) {
  auto in_capitals = mail_of_one(2, minutes{1});
  in_capitals.content.email = "Busy@Example.com";
  auto another = mail_of_one(3, minutes{1});
  another.content.email = "idle@example.com";
  EXPECT_THAT(insert(store(), {mail_of_one(1), in_capitals, another}, 1),
              ElementsAre(State::email_due, State::deferred, State::email_due));
  const auto deferred = load(store(), id_of(2));
  EXPECT_EQ(deferred.due_at, start + hours{1});
  EXPECT_EQ(deferred.reason, "phone_missing");
  EXPECT_EQ(details(query(), id_of(2)).history.front().cause, "throttled");
}

TEST_P(ThrottleRule, AWokenEmailCountsFromWhenItPassed) {
  insert(store(), {mail_of_one(1), mail_of_one(2)}, 1);
  auto woken = move(load(store(), id_of(2)), State::email_due, "phone_missing");
  woken.at = start + minutes{90};
  record(store(), woken);
  EXPECT_EQ(insert_one(mail_of_one(3, minutes{130}), 1), State::deferred);
  EXPECT_EQ(load(store(), id_of(3)).due_at, start + minutes{150});
}

TEST_P(ThrottleRule, WithoutPhoneAndAddressItIsTheCustomerThatCounts) {
  const auto nameless = [](int number) {
    auto n = mail_of_one(number);
    n.content.email.clear();
    n.customer_id = "busy";
    return n;
  };
  EXPECT_THAT(insert(store(), {nameless(1), nameless(2)}, 1),
              ElementsAre(State::email_due, State::deferred));
}

TEST_P(ThrottleRule, WhatReachesNobodyDoesNotCount) {
  auto nobody = of_one(1);
  nobody.state = State::no_contact;
  nobody.due_at.reset();
  insert(store(), {nobody}, 1);
  EXPECT_EQ(insert_one(of_one(2), 1), State::accepted);
}

TEST_P(ThrottleRule, WithoutALimitAllPassAndAreCountedAllTheSame) {
  EXPECT_THAT(insert(store(), {of_one(1), of_one(2), of_one(3)}, 0), Each(State::accepted));
  EXPECT_EQ(insert_one(of_one(4), 3), State::deferred);
}

TEST_P(ThrottleRule, AWokenOneCountsFromWhenItPassed) {
  insert(store(), {of_one(1), of_one(2)}, 1);
  auto woken = move(load(store(), id_of(2)), State::accepted, "time_came");
  woken.at = start + minutes{90};
  record(store(), woken);
  EXPECT_EQ(insert_one(of_one(3, minutes{130}), 1), State::deferred);
  EXPECT_EQ(load(store(), id_of(3)).due_at, start + minutes{150});
}

TEST_P(ThrottleRule, ASupersededNotificationGivesItsSlotBack) {
  insert(store(), {of_one(1), of_one(2)}, 1);
  record(store(), move(load(store(), id_of(2)), State::superseded, "newer_status"));
  insert(store(), {of_one(3, minutes{1})}, 1);
  EXPECT_EQ(load(store(), id_of(3)).due_at, start + hours{1});
}

TEST_P(ThrottleRule, ANotificationThatCannotPassInTimeLeavesTheQueueWhenItsTimeIsOver) {
  auto hasty = of_one(2);
  hasty.not_after = start + minutes{30};
  insert(store(), {of_one(1), hasty}, 1);
  EXPECT_EQ(load(store(), id_of(2)).due_at, hasty.not_after + Milliseconds{1});
  insert(store(), {of_one(3)}, 1);
  EXPECT_EQ(load(store(), id_of(3)).due_at, start + hours{1}) << "it took no slot";
}

TEST_P(ThrottleRule, TheLimitHoldsHoweverManyInsertAtOnce) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5; ++i) insert(store(), {of_one(t * 5 + i)}, 7);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(query().counts()->at(State::accepted), 7);
  EXPECT_EQ(query().counts()->at(State::deferred), 33);
}

TEST_P(ThrottleRule, ANotificationThatIsNotDueYetWaitsAndCountsWhenItGoes) {
  std::vector<State> states;
  for (int i = 0; i < 3; ++i) {
    auto n = of_one(i);
    n.due_at = start + std::chrono::hours{8};
    const auto outcome = store().insert({&n, 1}, {2, std::chrono::hours{1}});
    ASSERT_TRUE(outcome);
    states.push_back(std::get<ports::Inserted>(outcome->front()).state);
  }
  EXPECT_THAT(states, testing::Each(State::deferred));
  EXPECT_EQ(load(store(), id_of(0)).due_at, start + std::chrono::hours{8});
  EXPECT_EQ(load(store(), id_of(1)).due_at, start + std::chrono::hours{8});
  EXPECT_EQ(load(store(), id_of(2)).due_at, start + std::chrono::hours{9});
}

}  // namespace
}  // namespace postrider::contract
