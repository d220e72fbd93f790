// An order is told forwards, whatever the store: what a claim and a waking see of the others of a
// chain.
#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using std::chrono::seconds;

class Chain : public Contract {
 protected:
  /// A notification of the one order, taken in at its number of seconds, with a status of its own.
  static Notification of_order(int number, std::optional<Milliseconds> occurred = {}) {
    auto n = sample_at(number, seconds{number});
    n.status = "status_" + std::to_string(number);
    n.order_id = "one order";
    if (occurred) n.occurred_at = start + *occurred;
    return n;
  }
  static Notification by_email(Notification n) {
    n.state = State::email_due;
    n.reason = "phone_missing";
    return n;
  }
  /// The first letter of the outcome's name.
  std::string claims(const std::vector<int>& numbers, bool by_sms = true,
                     Milliseconds at = seconds{10}) {
    std::vector<domain::NotificationId> ids;
    for (const int number : numbers) ids.push_back(id_of(number));
    const auto with = terms(start + at);
    const auto outcomes = by_sms ? store().claim_sms(ids, with) : store().claim_email(ids, with);
    EXPECT_TRUE(outcomes) << outcomes.error().what;
    std::string letters;
    constexpr std::string_view names = "ndcrtshf";  // in the order of ClaimOutcome
    if (outcomes)
      for (const auto& outcome : *outcomes) letters += names[outcome.index()];
    return letters;
  }
  void end(int number, State to, bool told) {
    const auto n = load(store(), id_of(number));
    auto change = move(n, to, "as the test wants");
    change.sms_submitted = told;
    change.reason = "sms_refused";
    if (!told) change.money = domain::MoneyEffect::release;
    record(store(), change);
  }
  domain::ChainFacts facts(int number) {
    const auto n = load(store(), id_of(number));
    return query().chains({&n, 1}, start + seconds{10})->front();
  }
};
POSTRIDER_IN_EVERY_HOME(Chain);

TEST_P(Chain, TheHighestRankOfABatchGoesFirst) {
  insert(store(), {of_order(1), of_order(2), of_order(3), sample(4)});
  EXPECT_EQ(claims({1, 2, 3, 4}), "hhcc");
}

TEST_P(Chain, OnlyOneIsUnderWay) {
  insert(store(), {of_order(1)});
  EXPECT_EQ(claims({1}), "c");
  insert(store(), {of_order(2), by_email(of_order(3))});
  EXPECT_EQ(claims({2}), "h");
  EXPECT_EQ(claims({3}, false), "h");
}

TEST_P(Chain, WhatIsOlderThanWhatWasToldIsSuperseded) {
  insert(store(), {of_order(2)});
  EXPECT_EQ(claims({2}), "c");
  end(2, State::sms_sent, true);
  insert(store(), {of_order(1, seconds{1}), by_email(of_order(3, seconds{1})), of_order(4)});
  EXPECT_EQ(claims({1, 4}), "sc");
  EXPECT_EQ(claims({3}, false), "s") << "it happened before";
}

TEST_P(Chain, WhatWasToldStaysToldWhateverFollows) {
  insert(store(), {of_order(1), of_order(2)});
  EXPECT_EQ(claims({2}), "c");
  end(2, State::unknown, true);
  end(2, State::email_due, true);
  EXPECT_EQ(claims({2}, false), "c");
  end(2, State::dead, true);
  EXPECT_EQ(claims({1}), "s");
}

TEST_P(Chain, AfterANewerOneThatNobodyTookTheOlderIsFree) {
  insert(store(), {of_order(1), of_order(2)});
  EXPECT_EQ(claims({1, 2}), "hc");
  end(2, State::email_due, false);
  EXPECT_EQ(claims({1}), "h") << "the newer one goes by e-mail now";
  EXPECT_EQ(claims({2}, false), "c");
  EXPECT_EQ(claims({1}), "h");
  end(2, State::dead, false);
  EXPECT_EQ(claims({1}), "c");
}

TEST_P(Chain, AFormerClaimOfItsOwnStopsNothing) {
  insert(store(), {of_order(1)});
  EXPECT_EQ(claims({1}), "c");
  end(1, State::accepted, false);
  EXPECT_EQ(claims({1}), "c");
  end(1, State::email_due, true);
  EXPECT_EQ(claims({1}, false), "c");
}

TEST_P(Chain, AMailThatMayBeOutCountsAsTold) {
  insert(store(), {of_order(1), by_email(of_order(2))});
  EXPECT_EQ(claims({2}, false), "c");
  auto change = move(load(store(), id_of(2)), State::email_due, "mail:lease_expired");
  change.reason = "phone_missing";
  change.mail_submitted = true;
  EXPECT_TRUE(record(store(), change).mail_submitted);
  EXPECT_EQ(claims({1}), "s");
}

TEST_P(Chain, OneThatIsDeferredOrPutOffHoldsNobodyBack) {
  auto deferred = of_order(2);
  deferred.due_at = start + std::chrono::hours{1};
  auto put_off = by_email(of_order(3));
  put_off.due_at = deferred.due_at;
  insert(store(), {of_order(1), deferred, put_off});
  EXPECT_EQ(claims({1}), "c");
}

TEST_P(Chain, ParcelsKeysShopsAndModesHaveChainsOfTheirOwn) {
  auto parcel = of_order(2), key = of_order(3), shop = of_order(4), test = of_order(5);
  parcel.parcel = "1";
  key.explicit_key = true;
  shop.shop = "another";
  test.mode = domain::Mode::test;
  auto key_of_parcel = of_order(6);
  key_of_parcel.explicit_key = true;
  key_of_parcel.parcel = "1";
  insert(store(), {of_order(1), parcel, key, shop, test, key_of_parcel});
  EXPECT_EQ(load(store(), id_of(2)).parcel, "1");
  EXPECT_EQ(claims({1, 2, 3, 4, 5, 6}), "chcccc");
}

TEST_P(Chain, LinesOfOneBatchAreInOrderEvenWithinAMillisecond) {
  std::vector<Notification> batch;
  for (int i = 1; i <= 5; ++i) {
    auto n = of_order(i);
    n.created_at = start;
    n.intake = domain::to_unix_ms(start) * 1000 + i;
    n.due_at = start;
    batch.push_back(n);
  }
  insert(store(), batch);
  EXPECT_EQ(claims({3, 5, 1, 4, 2}), "hchhh");
}

TEST_P(Chain, OneThatWaitsForItsTimeSaysSo) {
  auto later = of_order(1);
  later.created_at = start;
  later.due_at = start + seconds{30};
  auto mail = by_email(sample(2));
  mail.due_at = start + seconds{30};
  insert(store(), {later, mail});
  EXPECT_EQ(claims({1, 9}), "nn") << "deferred, not there";
  EXPECT_EQ(claims({2}, false), "d");
}

TEST_P(Chain, OfTwoWorkersOneGetsTheChain) {
  insert(store(), {of_order(1)});
  EXPECT_EQ(claims({1}), "c");
  end(1, State::accepted, false);
  insert(store(), {of_order(2)});
  EXPECT_EQ(claims({2, 1}), "ch");
}

TEST_P(Chain, HeldBackMeansLaterAndNoMore) {
  insert(store(), {of_order(1), of_order(2)});
  const auto id = id_of(1);
  const auto outcomes = store().claim_sms({&id, 1}, terms(start + seconds{10}));
  ASSERT_TRUE(outcomes);
  const auto& held = std::get<ports::HeldBack>(outcomes->front());
  EXPECT_GT(held.until, start + seconds{10});
  auto change = move(held.notification, State::accepted, "");
  change.to.reset();
  change.puts_off = true;
  change.due_at = held.until;
  const auto after = record(store(), change);
  EXPECT_EQ(after.due_at, held.until);
  EXPECT_EQ(after.state, State::accepted);
  EXPECT_EQ(after.attempts, 0);
  EXPECT_EQ(details(query(), id).history.size(), 1U) << "a wait is no move";
  EXPECT_EQ(claims({1}), "d");
  EXPECT_EQ((*store().record({&change, 1})).front(), ports::RecordOutcome::stale);
}

TEST_P(Chain, AWakingSeesWhatWasToldAndWhatWaits) {
  auto deferred = of_order(3);
  deferred.due_at = start + std::chrono::hours{1};
  insert(store(), {of_order(1), of_order(2), deferred, sample(4)});
  EXPECT_EQ(facts(2).newer_later, start + std::chrono::hours{1});
  EXPECT_FALSE(facts(2).newer_due);
  EXPECT_TRUE(facts(1).newer_due);
  EXPECT_FALSE(facts(3).newer_later);
  EXPECT_FALSE(facts(3).newer_due);
  EXPECT_FALSE(facts(4).newer_told);
  EXPECT_EQ(claims({2}), "c");
  EXPECT_FALSE(facts(1).newer_told);
  end(2, State::sms_sent, true);
  EXPECT_TRUE(facts(1).newer_told);
  EXPECT_FALSE(facts(3).newer_told);
}

}  // namespace
}  // namespace postrider::contract
