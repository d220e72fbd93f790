#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

class Match : public Contract {
 protected:
  std::optional<ports::MatchedAttempt> match(const std::string& carrier, const std::string& id) {
    const ports::NotificationStore::MessageKey key{carrier, id};
    auto matches = store().match({&key, 1});
    EXPECT_TRUE(matches);
    return matches ? matches->front() : std::nullopt;
  }
};
POSTRIDER_IN_EVERY_HOME(Match);

TEST_P(Match, FindsTheAttemptOfAMessageId) {
  send(store(), 1, "m1");
  send(store(), 2, "m2");
  const auto found = match("carrier", "m2");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->notification.id, id_of(2));
  EXPECT_EQ(found->notification.state, State::sms_sent);
  EXPECT_EQ(found->attempt_no, 1);
  EXPECT_EQ(found->channel, domain::Channel::sms);
}

TEST_P(Match, IdsOfOtherCarriersAndUnknownIdsMatchNothing) {
  send(store(), 1, "m1");
  EXPECT_FALSE(match("another", "m1"));
  EXPECT_FALSE(match("carrier", "m9"));
}

TEST_P(Match, AnEmptyMessageIdMatchesNothing) {
  send(store(), 1, "");
  EXPECT_FALSE(match("carrier", ""));
}

class Expire : public Contract {
 protected:
  void insert_ended(int number, State end, Milliseconds after = {}) {
    auto n = sample_at(number, after);
    n.state = State::no_contact;
    n.reason = "phone_missing";
    n.due_at.reset();
    if (end == State::dead) {
      n.state = State::email_due;
      n.due_at = n.created_at;
    }
    insert(store(), {n});
    if (end == State::dead) record(store(), move(load(store(), n.id), State::dead, "no_email"));
  }
  bool kept(int number) {
    const auto id = id_of(number);
    return store().load({&id, 1})->front().has_value();
  }
  /// The number of deleted notifications; -1: not known, because the store deletes by itself.
  int expire(domain::TimePoint horizon, int limit = 100) {
    if (home_->forgets_by_itself()) {
      home_->forget_before(horizon);
      EXPECT_EQ(*store().expire(horizon, limit), 0);
      return -1;
    }
    const auto gone = store().expire(horizon, limit);
    EXPECT_TRUE(gone);
    return gone ? *gone : -1;
  }
};
POSTRIDER_IN_EVERY_HOME(Expire);

TEST_P(Expire, OnlyWhatEndedBeforeTheHorizonGoes) {
  insert_ended(1, State::no_contact);
  insert_ended(2, State::no_contact, std::chrono::seconds{1});
  insert(store(), {sample(3)});
  EXPECT_THAT(expire(start + std::chrono::seconds{1}), testing::AnyOf(1, -1));
  EXPECT_FALSE(kept(1));
  EXPECT_TRUE(kept(2));
  EXPECT_TRUE(kept(3)) << "still under way";
  EXPECT_EQ(query().counts()->at(State::no_contact), 1);
}

TEST_P(Expire, DeadLettersStayUntilAnOperatorActs) {
  insert_ended(1, State::dead);
  const auto later = start + std::chrono::days{40};
  EXPECT_THAT(expire(later), testing::AnyOf(0, -1));
  EXPECT_TRUE(kept(1));
  const auto discarded = move(load(store(), id_of(1)), State::discarded, "discarded");
  EXPECT_EQ(store().record({&discarded, 1})->front(), ports::RecordOutcome::applied);
  EXPECT_THAT(expire(later), testing::AnyOf(1, -1));
  EXPECT_FALSE(kept(1));
}

TEST_P(Expire, TakesNoMoreThanAskedAndGoesOnNextTime) {
  if (home_->forgets_by_itself()) GTEST_SKIP() << "forgets by itself";
  for (int i = 0; i < 5; ++i) insert_ended(i, State::no_contact, Milliseconds{i});
  const auto later = start + std::chrono::days{40};
  EXPECT_EQ(expire(later, 2), 2);
  EXPECT_EQ(expire(later, 2), 2);
  EXPECT_EQ(expire(later, 2), 1);
  EXPECT_EQ(expire(later, 2), 0);
}

TEST_P(Expire, TheAttemptsGoTooAndOpenMoneyCountsAsSpent) {
  const auto sent = send(store(), 1, "m1");
  record(store(), move(sent, State::delivered, "receipt:delivered"));
  EXPECT_EQ(home_->allowance(0)->budget(202611)->reserved, Money{10'000});
  EXPECT_THAT(expire(start + std::chrono::days{40}), testing::AnyOf(1, -1));
  const ports::NotificationStore::MessageKey key{"carrier", "m1"};
  EXPECT_FALSE(store().match({&key, 1})->front());
  if (home_->forgets_by_itself()) return;  // open money stays open: it counts as used either way
  const auto budget = *home_->allowance(0)->budget(202611);
  EXPECT_EQ(budget.reserved, Money{0});
  EXPECT_EQ(budget.spent, Money{10'000});
}

TEST_P(Expire, AnExpiredNotificationIsNotMistakenForItsSuccessor) {
  insert_ended(1, State::no_contact);
  expire(start + std::chrono::days{40});
  insert(store(), {sample(2)});
  const auto gone = id_of(1);
  const auto outcomes = store().claim_sms({&gone, 1}, terms());
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>(outcomes->front()));
  EXPECT_EQ(load(store(), id_of(2)).state, State::accepted);
}

TEST_P(Expire, AForgottenKeyMakesANewNotification) {
  insert_ended(1, State::no_contact);
  expire(start + std::chrono::days{40});
  EXPECT_THAT(insert(store(), {sample(1)}), testing::ElementsAre(State::accepted));
}

}  // namespace
}  // namespace postrider::contract
