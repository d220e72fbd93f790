// One notification that can't be written stops no other.
#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using ports::RecordOutcome;

class Unwritable : public Contract {
 protected:
  void expect_named(int number) {
    auto* telemetry = home_->telemetry();
    if (telemetry == nullptr) return;
    EXPECT_EQ(telemetry->counted(ports::Counter::items_set_aside), 1);
    const auto lines = telemetry->lines_of("item_set_aside");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines.front().fields.at(ports::Field::notification_id),
              domain::to_string(id_of(number)));
    EXPECT_EQ(lines.front().fields.at(ports::Field::code), "unwritable");
  }
};
POSTRIDER_IN_EVERY_HOME(Unwritable);

TEST_P(Unwritable, IsNotClaimedAndTheOthersAreWithTheirMoney) {
  insert(store(), {sample(1), sample(2), sample(3)});
  home_->block(id_of(2));
  const std::vector ids{id_of(1), id_of(2), id_of(3)};
  const auto claimed = store().claim_sms(ids, terms());
  ASSERT_TRUE(claimed);
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claimed->at(0)));
  EXPECT_TRUE(std::holds_alternative<ports::ClaimFailed>(claimed->at(1)));
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>(claimed->at(2)));
  EXPECT_EQ(load(store(), id_of(2)).state, State::accepted);
  const auto budget = home_->allowance(0)->budget(domain::month_of(start));
  EXPECT_EQ(budget->reserved, Money{20'000});
  expect_named(2);
}

TEST_P(Unwritable, AloneIsNoErrorBecauseTheSameAgainWouldFailToo) {
  insert(store(), {sample(1)});
  home_->block(id_of(1));
  const auto id = id_of(1);
  const auto claimed = store().claim_sms({&id, 1}, terms());
  ASSERT_TRUE(claimed);
  EXPECT_TRUE(std::holds_alternative<ports::ClaimFailed>(claimed->front()));
}

TEST_P(Unwritable, IsNotRecordedAndTheOthersAre) {
  std::vector<domain::Change> changes;
  for (const int number : {1, 2, 3}) {
    insert(store(), {sample(number)});
    const auto n = claim(store(), id_of(number));
    auto change = move(n, State::sms_sent, "accepted_by_carrier");
    change.sms_submitted = true;
    change.attempt = domain::AttemptUpdate{};
    change.attempt->no = n.attempts;
    change.attempt->owned = true;
    change.attempt->submission = taken("m-" + std::to_string(number));
    changes.push_back(std::move(change));
  }
  home_->block(id_of(2));
  const auto outcomes = store().record(changes);
  ASSERT_TRUE(outcomes);
  EXPECT_THAT(*outcomes, testing::ElementsAre(RecordOutcome::applied, RecordOutcome::failed,
                                              RecordOutcome::applied));
  EXPECT_EQ(load(store(), id_of(1)).state, State::sms_sent);
  // DynamoDB's stand-in does half of an update that it refuses.
  if (!home_->forgets_by_itself()) {
    EXPECT_EQ(load(store(), id_of(2)).state, State::sending_sms);
  }
  EXPECT_EQ(load(store(), id_of(3)).state, State::sms_sent);
  expect_named(2);
}

TEST_P(Unwritable, KeepsTheLeaseHoweverOftenItsOutcomeComes) {
  if (home_->forgets_by_itself())
    GTEST_SKIP() << "DynamoDB's stand-in does half of an update that it refuses";
  const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
  auto n = sample(1);
  n.created_at = now;
  n.due_at = now;
  n.not_after = now + std::chrono::hours{1};
  insert(store(), {n});
  const auto claimed = claim(store(), n.id, now);
  home_->block(n.id);
  auto change = move(claimed, State::unknown, "outcome_unknown");
  change.sms_submitted = true;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(store().record({&change, 1})->front(), RecordOutcome::failed);
  EXPECT_EQ(load(store(), n.id).due_at, claimed.due_at);
}

TEST_P(Unwritable, ManyDoNotFillTheHeadOfWhatIsDue) {
  if (home_->telemetry() == nullptr) GTEST_SKIP() << "without an index nothing is put off";
  std::vector<domain::NotificationId> bad;
  for (int i = 1; i <= 3; ++i) {
    insert(store(), {sample(i)});
    home_->block(id_of(i));
    bad.push_back(id_of(i));
  }
  insert(store(), {sample_at(4, Milliseconds{1})});
  bad.push_back(id_of(4));
  ASSERT_TRUE(store().claim_sms(bad, terms(start + Milliseconds{1})));
  insert(store(), {sample_at(5, Milliseconds{2})});
  const auto due = query().due(State::accepted, start + Milliseconds{2}, 3);
  ASSERT_TRUE(due);
  ASSERT_EQ(due->size(), 1U);
  EXPECT_EQ(due->front().id, id_of(5));
}

}  // namespace
}  // namespace postrider::contract
