#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

class Insert : public Contract {};
POSTRIDER_IN_EVERY_HOME(Insert);

Notification everything() {
  auto n = sample(1);
  n.shop = "other shop";
  n.mode = domain::Mode::test;
  n.status = "refunded";
  n.explicit_key = true;
  n.priority = domain::Priority::high;
  n.occurred_at = start - std::chrono::minutes{3};
  n.content.locale = "de-AT";
  n.content.sms_text = "Größe ✓ 😀";
  n.content.encoding = domain::Encoding::ucs2;
  n.content.segments = 3;
  n.estimate = Money{123'456'789};
  return n;
}

void expect_equal(const Notification& a, const Notification& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.shop, b.shop);
  EXPECT_EQ(a.mode, b.mode);
  EXPECT_EQ(a.order_id, b.order_id);
  EXPECT_EQ(a.customer_id, b.customer_id);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.explicit_key, b.explicit_key);
  EXPECT_EQ(a.fingerprint, b.fingerprint);
  EXPECT_EQ(a.priority, b.priority);
  EXPECT_EQ(a.occurred_at, b.occurred_at);
  EXPECT_EQ(a.created_at, b.created_at);
  EXPECT_EQ(a.not_after, b.not_after);
  EXPECT_EQ(a.content, b.content);
  EXPECT_EQ(a.estimate, b.estimate);
  EXPECT_EQ(a.state, b.state);
  EXPECT_EQ(a.version, b.version);
  EXPECT_EQ(a.due_at, b.due_at);
  EXPECT_EQ(a.reason, b.reason);
}

TEST_P(Insert, AnInsertedNotificationComesBackWhole) {
  const auto n = everything();
  insert(store(), {n});
  expect_equal(load(store(), n.id), n);
}

TEST_P(Insert, HistoryBeginsAtIntake) {
  insert(store(), {sample(1)});
  const auto kept = details(query(), id_of(1));
  const domain::HistoryEntry first{start, std::nullopt, State::accepted, "accepted"};
  EXPECT_THAT(kept.history, testing::ElementsAre(first));
  EXPECT_TRUE(kept.attempts.empty());
}

TEST_P(Insert, OneThatCannotGoBySmsKeepsItsStateAndReason) {
  auto n = sample(1);
  n.state = State::email_due;
  n.reason = "phone_missing";
  n.content.phone.clear();
  EXPECT_THAT(insert(store(), {n}), testing::ElementsAre(State::email_due));
  EXPECT_EQ(load(store(), n.id).reason, "phone_missing");
  EXPECT_EQ(details(query(), n.id).history.front().cause, "phone_missing");
}

TEST_P(Insert, ARepeatIsADuplicateWithTheStateThatTheFirstHasNow) {
  insert(store(), {sample(1)});
  claim(store(), id_of(1));
  auto repeat = sample(1);
  repeat.content.sms_text = "other text";
  const auto outcomes = store().insert({&repeat, 1}, {});
  ASSERT_TRUE(outcomes);
  ASSERT_TRUE(std::holds_alternative<ports::Duplicate>(outcomes->front()));
  EXPECT_EQ(std::get<ports::Duplicate>(outcomes->front()).state, State::sending_sms);
  EXPECT_EQ(load(store(), id_of(1)).content.sms_text, sample(1).content.sms_text);
}

TEST_P(Insert, ARepeatInOneBatchIsADuplicate) {
  const std::vector batch{sample(1), sample(2), sample(1)};
  const auto outcomes = store().insert(batch, {});
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::Inserted>((*outcomes)[0]));
  EXPECT_TRUE(std::holds_alternative<ports::Inserted>((*outcomes)[1]));
  EXPECT_TRUE(std::holds_alternative<ports::Duplicate>((*outcomes)[2]));
  EXPECT_EQ(query().counts()->at(State::accepted), 2);
}

TEST_P(Insert, TheSameExplicitKeyWithOtherContentIsAConflictAndChangesNothing) {
  auto first = sample(1);
  first.explicit_key = true;
  insert(store(), {first});
  auto other = first;
  other.fingerprint = id_of(77);
  other.content.sms_text = "other text";
  const auto outcomes = store().insert({&other, 1}, {});
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::Conflict>(outcomes->front()));
  expect_equal(load(store(), first.id), first);
}

TEST_P(Insert, TheSameExplicitKeyWithTheSameContentIsADuplicate) {
  auto first = sample(1);
  first.explicit_key = true;
  insert(store(), {first});
  const auto outcomes = store().insert({&first, 1}, {});
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::Duplicate>(outcomes->front()));
}

TEST_P(Insert, WithoutAnExplicitKeyOtherContentIsStillTheSameMessage) {
  insert(store(), {sample(1)});
  auto other = sample(1);
  other.fingerprint = id_of(77);
  const auto outcomes = store().insert({&other, 1}, {});
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::Duplicate>(outcomes->front()));
}

/// `n`, which a store may have in another spelling as notification `number` with that fingerprint.
Notification in_another_spelling(Notification n, int number) {
  n.other_spellings.push_back({id_of(number), id_of(number + 100)});
  return n;
}

TEST_P(Insert, ARepeatInAnotherSpellingIsADuplicateOfTheFirst) {
  insert(store(), {sample(1)});
  claim(store(), id_of(1));
  const std::vector batch{sample(3), in_another_spelling(sample(2), 1)};
  const auto outcomes = store().insert(batch, {});
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::Inserted>((*outcomes)[0]));
  ASSERT_TRUE(std::holds_alternative<ports::Duplicate>((*outcomes)[1]));
  EXPECT_EQ(std::get<ports::Duplicate>((*outcomes)[1]).id, id_of(1));
  EXPECT_EQ(std::get<ports::Duplicate>((*outcomes)[1]).state, State::sending_sms);
  EXPECT_FALSE(store().load(std::vector{id_of(2)})->front());
}

TEST_P(Insert, ASpellingThatNobodySentIsNoFirst) {
  insert(store(), {in_another_spelling(sample(2), 1)});
  expect_equal(load(store(), id_of(2)), sample(2));
  const auto repeat = in_another_spelling(sample(2), 1);
  const auto outcomes = store().insert({&repeat, 1}, {});
  ASSERT_TRUE(std::holds_alternative<ports::Duplicate>(outcomes->front()));
  EXPECT_EQ(std::get<ports::Duplicate>(outcomes->front()).id, id_of(2));
}

TEST_P(Insert, TheSameExplicitKeyInAnotherSpellingIsADuplicate) {
  auto first = sample(1);
  first.explicit_key = true;
  first.fingerprint = id_of(101);
  insert(store(), {first});
  auto repeat = sample(1);
  repeat.explicit_key = true;
  const auto outcome = [&](const Notification& n) { return store().insert({&n, 1}, {})->front(); };
  EXPECT_TRUE(std::holds_alternative<ports::Conflict>(outcome(repeat)));
  EXPECT_TRUE(std::holds_alternative<ports::Duplicate>(outcome(in_another_spelling(repeat, 1))));
}

TEST_P(Insert, NothingInsertedIsNothing) {
  const auto outcomes = store().insert({}, {});
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(outcomes->empty());
  EXPECT_TRUE(query().counts()->empty());
}

}  // namespace
}  // namespace postrider::contract
