#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using domain::AttemptUpdate;
using domain::MoneyEffect;
using ports::RecordOutcome;

class Record : public Contract {
 protected:
  RecordOutcome try_record(const domain::Change& change) {
    const auto outcomes = store().record({&change, 1});
    EXPECT_TRUE(outcomes);
    return outcomes ? outcomes->front() : RecordOutcome::stale;
  }
  Notification claimed(int number) {
    insert(store(), {sample(number)});
    return claim(store(), id_of(number));
  }
  static AttemptUpdate submission(int no, const std::string& message_id, bool owned) {
    return {
        .no = no, .submission = taken(message_id), .receipt = {}, .late = false, .owned = owned};
  }
  /// A change that writes only an attempt row.
  static domain::Change only(const Notification& n, AttemptUpdate update) {
    auto change = move(n, n.state, "");
    change.to = std::nullopt;
    change.attempt = std::move(update);
    return change;
  }
  ports::BudgetStatus budget() { return *home_->allowance(0)->budget(202611); }
};
POSTRIDER_IN_EVERY_HOME(Record);

TEST_P(Record, AnAppliedChangeWritesEverythingItSays) {
  auto change = move(claimed(1), State::email_due, "refused:invalid_number");
  change.due_at = start + std::chrono::seconds{7};
  change.reason = "sms_refused";
  change.attempts = 4;
  change.sms_tries = 3;
  change.email_tries = 2;
  change.mail_waited = std::chrono::minutes{90};
  change.sms_submitted = true;
  change.proof = domain::Proof::handset;
  const auto kept = record(store(), change);
  EXPECT_EQ(kept.state, State::email_due);
  EXPECT_EQ(kept.version, 2);
  EXPECT_EQ(kept.due_at, change.due_at);
  EXPECT_EQ(kept.reason, "sms_refused");
  EXPECT_EQ(kept.attempts, 4);
  EXPECT_EQ(kept.sms_tries, 3);
  EXPECT_EQ(kept.email_tries, 2);
  EXPECT_EQ(kept.mail_waited, std::chrono::minutes{90});
  EXPECT_TRUE(kept.sms_submitted);
  EXPECT_EQ(kept.proof, domain::Proof::handset);
  const domain::HistoryEntry entry{change.at, State::sending_sms, State::email_due,
                                   "refused:invalid_number"};
  EXPECT_EQ(details(query(), id_of(1)).history.back(), entry);
}

TEST_P(Record, AnotherVersionOrStateIsStaleAndChangesNothing) {
  const auto n = claimed(1);
  auto old = move(n, State::sms_sent, "carrier_accepted");
  old.version = n.version - 1;
  EXPECT_EQ(try_record(old), RecordOutcome::stale);
  auto other_state = move(n, State::sms_sent, "carrier_accepted");
  other_state.from = State::unknown;
  EXPECT_EQ(try_record(other_state), RecordOutcome::stale);
  const auto kept = load(store(), id_of(1));
  EXPECT_EQ(kept.state, State::sending_sms);
  EXPECT_EQ(kept.version, n.version);
  EXPECT_EQ(details(query(), id_of(1)).history.size(), 2U);
}

TEST_P(Record, TheSameChangeTwiceIsAppliedOnce) {
  const auto change = move(claimed(1), State::sms_sent, "carrier_accepted");
  EXPECT_EQ(try_record(change), RecordOutcome::applied);
  EXPECT_EQ(try_record(change), RecordOutcome::stale);
  EXPECT_EQ(load(store(), id_of(1)).version, 2);
}

TEST_P(Record, ForOneThatIsNotKeptItIsStale) {
  EXPECT_EQ(try_record(move(sample(1), State::email_due, "no_money")), RecordOutcome::stale);
}

TEST_P(Record, ChangesOfOneBatchApplyInOrder) {
  const auto n = claimed(1);
  auto first = move(n, State::sms_sent, "carrier_accepted");
  auto second = move(n, State::delivered, "receipt:delivered");
  second.from = State::sms_sent;
  second.version = n.version + 1;
  const std::vector changes{first, second, first};
  const auto outcomes = store().record(changes);
  ASSERT_TRUE(outcomes);
  EXPECT_THAT(*outcomes, testing::ElementsAre(RecordOutcome::applied, RecordOutcome::applied,
                                              RecordOutcome::stale));
  EXPECT_EQ(load(store(), id_of(1)).state, State::delivered);
}

TEST_P(Record, TheOwnerCompletesItsAttemptEvenWhenStale) {
  const auto n = claimed(1);
  record(store(), move(n, State::unknown, "unknown:worker_lost"));
  auto late = move(n, State::sms_sent, "carrier_accepted");
  late.attempt = submission(1, "m1", true);
  EXPECT_EQ(try_record(late), RecordOutcome::stale);
  EXPECT_EQ(load(store(), id_of(1)).state, State::unknown);
  const auto kept = details(query(), id_of(1));
  ASSERT_EQ(kept.attempts.size(), 1U);
  EXPECT_EQ(kept.attempts[0].submission.message_id, "m1");
  record(store(), [&] {  // so that the flag and the attempt agree, as decide() sees to
    auto flag = move(load(store(), id_of(1)), State::sms_sent, "carrier_accepted");
    flag.sms_submitted = true;
    return flag;
  }());
}

TEST_P(Record, AStaleChangeOfAnUnownedAttemptWritesNothing) {
  const auto n = claimed(1);
  auto taken_over = move(n, State::sms_sent, "carrier_accepted");
  taken_over.sms_submitted = true;
  record(store(), taken_over);
  auto rescue = move(n, State::unknown, "unknown:worker_lost");
  rescue.attempt = submission(1, "", false);
  EXPECT_EQ(try_record(rescue), RecordOutcome::stale);
  EXPECT_TRUE(details(query(), id_of(1)).attempts.empty());
}

TEST_P(Record, TheHalvesOfAnAttemptNeverOverwriteEachOther) {
  const auto sent = send(store(), 1, "m1");
  auto said = receipt("m1", domain::ReceiptOutcome::delivered);
  said.proof = domain::Proof::handset;
  said.detail = "000";
  said.price = Money{6450};
  said.segments = 2;
  try_record(
      only(sent, {.no = 1, .submission = {}, .receipt = said, .late = false, .owned = true}));
  auto again = taken("m1");
  again.error = "written_again";
  try_record(
      only(sent, {.no = 1, .submission = again, .receipt = {}, .late = false, .owned = true}));
  const auto kept = details(query(), id_of(1));
  ASSERT_EQ(kept.attempts.size(), 1U);
  EXPECT_EQ(kept.attempts[0].notification, id_of(1));
  EXPECT_EQ(kept.attempts[0].no, 1);
  EXPECT_EQ(kept.attempts[0].receipt, said);
  EXPECT_EQ(kept.attempts[0].submission.error, "written_again");
  EXPECT_EQ(kept.attempts[0].submission.price, Money{10'000});
  EXPECT_EQ(kept.notification.version, sent.version) << "only the attempt was written";
}

TEST_P(Record, AReceiptMayComeBeforeItsSubmission) {
  const auto n = claimed(1);
  const auto said = receipt("m1", domain::ReceiptOutcome::accepted);
  try_record(only(n, {.no = 1, .submission = {}, .receipt = said, .late = false, .owned = true}));
  auto change = move(n, State::sms_sent, "carrier_accepted");
  change.sms_submitted = true;
  change.attempt = submission(1, "m1", true);
  record(store(), change);
  const auto kept = details(query(), id_of(1)).attempts.at(0);
  EXPECT_EQ(kept.receipt, said);
  EXPECT_EQ(kept.submission.message_id, "m1");
  EXPECT_EQ(kept.submission.outcome, domain::Submitted::accepted);
}

TEST_P(Record, AReceiptThatEndsAClaimIsCompletedByTheWorkersAnswer) {
  const auto n = claimed(1);
  auto ended = move(n, State::delivered, "receipt:delivered");
  ended.sms_submitted = true;
  ended.money = MoneyEffect::spend;
  ended.spent = n.estimate;
  const auto said = receipt("m1", domain::ReceiptOutcome::delivered);
  ended.attempt = submission(1, "m1", false);
  ended.attempt->receipt = said;
  record(store(), ended);
  auto answer = move(n, State::sms_sent, "carrier_accepted");
  answer.attempt = submission(1, "m1", true);
  answer.attempt->submission->error = "of_the_worker";
  EXPECT_EQ(try_record(answer), RecordOutcome::stale);
  const auto kept = details(query(), id_of(1));
  EXPECT_EQ(kept.notification.state, State::delivered);
  ASSERT_EQ(kept.attempts.size(), 1U);
  EXPECT_EQ(kept.attempts[0].receipt, said);
  EXPECT_EQ(kept.attempts[0].submission.error, "of_the_worker");
  EXPECT_EQ(budget().spent, n.estimate);
  EXPECT_EQ(budget().reserved, Money{0});
  const ports::NotificationStore::MessageKey key{said.carrier, "m1"};
  const auto match = store().match({&key, 1});
  ASSERT_TRUE(match && match->front());
  EXPECT_EQ(match->front()->reported, domain::ReceiptOutcome::delivered);
  EXPECT_EQ(match->front()->submitted_at, answer.attempt->submission->at);
}

TEST_P(Record, AReceiptThatCameAfterTheWorkersAnswerWritesNothingOfTheSubmission) {
  const auto n = claimed(1);
  auto answer = move(n, State::sms_sent, "carrier_accepted");
  answer.sms_submitted = true;
  answer.attempt = submission(1, "m1", true);
  record(store(), answer);
  auto ended = move(n, State::delivered, "receipt:delivered");
  ended.attempt = submission(1, "other", false);
  ended.attempt->receipt = receipt("m1", domain::ReceiptOutcome::delivered);
  EXPECT_EQ(try_record(ended), RecordOutcome::stale) << "decided again after a reload";
  const auto kept = details(query(), id_of(1)).attempts.at(0);
  EXPECT_EQ(kept.submission.message_id, "m1");
  EXPECT_FALSE(kept.receipt);
}

TEST_P(Record, LateReceiptsAreCounted) {
  const auto sent = send(store(), 1, "m1");
  const auto said = receipt("m1", domain::ReceiptOutcome::delivered);
  const AttemptUpdate late{.no = 1, .submission = {}, .receipt = said, .late = true, .owned = true};
  try_record(only(sent, late));
  try_record(only(sent, late));
  EXPECT_EQ(details(query(), id_of(1)).attempts.at(0).late_receipts, 2);
}

TEST_P(Record, AReleaseGivesTheReservationBack) {
  auto change = move(claimed(1), State::accepted, "refused:throttled");
  change.money = MoneyEffect::release;
  const auto kept = record(store(), change);
  EXPECT_EQ(kept.reserved, Money{0});
  EXPECT_EQ(kept.budget_day, 0);
  EXPECT_EQ(budget().reserved, Money{0});
  EXPECT_EQ(budget().spent, Money{0});
}

TEST_P(Record, SpendingReplacesTheReservation) {
  auto change = move(claimed(1), State::sms_sent, "carrier_accepted");
  change.money = MoneyEffect::spend;
  change.spent = Money{6450};
  change.sms_submitted = true;
  const auto kept = record(store(), change);
  EXPECT_EQ(kept.reserved, Money{0});
  EXPECT_EQ(budget().reserved, Money{0});
  EXPECT_EQ(budget().spent, Money{6450});
}

TEST_P(Record, ALaterPriceReplacesTheEarlierOne) {
  auto took = move(claimed(1), State::sms_sent, "carrier_accepted");
  took.money = MoneyEffect::spend;
  took.spent = Money{10'000};
  took.sms_submitted = true;
  auto n = record(store(), took);
  for (const std::int64_t price : {7'000, 12'345, 0}) {
    auto priced = only(n, AttemptUpdate{.no = 1,
                                        .submission = {},
                                        .receipt = receipt("m1", domain::ReceiptOutcome::accepted),
                                        .late = false,
                                        .owned = true});
    priced.money = MoneyEffect::spend;
    priced.spent = Money{price};
    n = record(store(), priced);
    EXPECT_EQ(n.state, State::sms_sent);
    EXPECT_EQ(n.spent, Money{price});
    EXPECT_EQ(budget().spent, Money{price});
    EXPECT_EQ(budget().reserved, Money{0});
  }
}

TEST_P(Record, TwoPricesReportedAtOnceAreNotAddedUp) {
  auto took = move(claimed(1), State::sms_sent, "carrier_accepted");
  took.money = MoneyEffect::spend;
  took.spent = Money{10'000};
  const auto n = record(store(), took);
  AttemptUpdate late{.no = 1,
                     .submission = {},
                     .receipt = receipt("m1", domain::ReceiptOutcome::delivered),
                     .late = true,
                     .owned = true};
  auto first = only(n, late), second = only(n, late);
  first.money = second.money = MoneyEffect::spend;
  first.spent = Money{7'000};
  second.spent = Money{8'000};
  EXPECT_EQ(try_record(first), RecordOutcome::applied);
  EXPECT_EQ(try_record(second), RecordOutcome::stale) << "decided again after a reload";
  EXPECT_EQ(budget().spent, Money{7'000});
  EXPECT_EQ(details(query(), id_of(1)).attempts.at(0).late_receipts, 1);
}

TEST_P(Record, AnUnknownEndingKeepsTheReservation) {
  const auto kept = record(store(), move(claimed(1), State::unknown, "unknown:timeout"));
  EXPECT_EQ(kept.reserved, Money{10'000});
  EXPECT_EQ(budget().reserved, Money{10'000});
}

TEST_P(Record, AStaleChangeMovesNoMoney) {
  const auto n = claimed(1);
  record(store(), move(n, State::unknown, "unknown:worker_lost"));
  auto late = move(n, State::accepted, "refused:throttled");
  late.money = MoneyEffect::release;
  EXPECT_EQ(try_record(late), RecordOutcome::stale);
  EXPECT_EQ(budget().reserved, Money{10'000});
}

TEST_P(Record, ALongHistoryShowsItsBeginningAndItsEnd) {
  insert(store(), {sample(1)});
  auto n = load(store(), id_of(1));
  for (int i = 0; i < 103; ++i) {
    n = record(store(), move(n, State::deferred, "postponed"));
    n = record(store(), move(n, State::accepted, "woken " + std::to_string(i)));
  }
  claim(store(), id_of(1), start + std::chrono::seconds{2});
  const auto history = details(query(), id_of(1)).history;
  ASSERT_EQ(history.size(), 200U);
  EXPECT_FALSE(history.front().from);
  EXPECT_EQ(history.back().to, State::sending_sms);
  EXPECT_EQ(history[198].cause, "woken 98");
}

}  // namespace
}  // namespace postrider::contract
