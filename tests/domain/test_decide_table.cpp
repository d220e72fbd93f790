// decide() for every input in every state: the state that follows, and the values that never
// change.
#include <gtest/gtest.h>

#include <map>

#include "domain/delivery/decide.hpp"
#include "sample.hpp"

namespace postrider::domain {
namespace {

using enum State;

/// The state that each input leads to from the states that it moves; it moves no other state.
std::map<std::string, std::map<State, State>> where_it_leads() {
  const std::map<State, State> took{{sending_sms, sms_sent}, {unknown, sms_sent}};
  const std::map<State, State> lost{{sending_sms, unknown}};
  const std::map<State, State> failed{
      {sending_sms, email_due}, {unknown, email_due}, {sms_sent, email_due}};
  const std::map<State, State> delivered_from{{accepted, delivered},    {deferred, delivered},
                                              {sending_sms, delivered}, {unknown, delivered},
                                              {sms_sent, delivered},    {email_due, delivered}};
  return {{"carrier took it", took},
          {"carrier refused it for now", {{sending_sms, accepted}}},
          {"carrier refused it for good", {{sending_sms, email_due}}},
          {"provider unavailable", {{sending_sms, accepted}, {sending_email, email_due}}},
          {"unknown, says the worker", lost},
          {"unknown, says the sweeper", lost},
          {"SMS ruled out", {{accepted, email_due}, {deferred, email_due}}},
          {"SMS postponed", {{accepted, deferred}}},
          {"receipt delivered", delivered_from},
          {"receipt accepted", took},
          {"receipt failed for now", failed},
          {"receipt failed for good", failed},
          {"receipt opted out", failed},
          {"receipt account", failed},
          {"receipt noted", {}},
          {"receipt overdue", {{unknown, email_due}, {sms_sent, email_due}}},
          {"woken", {{deferred, accepted}}},
          {"newer told", {{accepted, superseded}, {deferred, superseded}, {email_due, superseded}}},
          {"held back", {}},
          {"mail took it", {{sending_email, emailed}, {email_due, emailed}}},
          {"mail refused it for now", {{sending_email, email_due}}},
          {"mail refused it for good", {{sending_email, dead}}},
          {"mail in doubt", {{sending_email, email_due}}},
          {"mail lease expired", {{sending_email, email_due}}},
          {"no address", {{email_due, dead}}},
          {"mail bounced", {{emailed, bounced}}},
          {"replayed", {{dead, accepted}, {bounced, accepted}}},
          {"discarded", {{dead, discarded}, {bounced, discarded}}}};
}

template <class Check>
void for_each_pair(Check check) {
  for (const auto& [what, input] : sample::all_inputs())
    for (const auto state : sample::all_states()) {
      SCOPED_TRACE(what + " in " + std::string{name(state)});
      const auto n = sample::notification(state);
      check(what, n, decide(n, input, Policy{}, sample::now));
    }
}

TEST(DecideTable, EachInputLeadsWhereItShouldFromEachState) {
  const auto expected = where_it_leads();
  ASSERT_EQ(expected.size(), sample::all_inputs().size());
  for_each_pair([&](const std::string& what, const Notification& n, const auto& change) {
    const auto& moves = expected.at(what);
    const auto found = moves.find(n.state);
    const auto expected_name = found == moves.end() ? "nowhere" : name(found->second);
    EXPECT_EQ(change && change->to ? name(*change->to) : "nowhere", expected_name);
  });
}

TEST(DecideTable, AChangeCarriesTheCompareAndItsTimeAndCause) {
  for_each_pair([](const std::string&, const Notification& n, const auto& change) {
    if (!change) return;
    EXPECT_EQ(change->id, n.id);
    EXPECT_EQ(change->version, n.version);
    EXPECT_EQ(change->from, n.state);
    EXPECT_EQ(change->at, sample::now);
    EXPECT_EQ(change->reserved, n.reserved);
    EXPECT_EQ(change->charged, n.spent);
    EXPECT_EQ(change->budget_day, n.budget_day);
    EXPECT_EQ(change->cause.empty(), !change->to.has_value());
  });
}

TEST(DecideTable, AMoveHasADueTimeAndAnEndHasNone) {
  for_each_pair([](const std::string&, const Notification&, const auto& change) {
    if (!change || !change->to) return;
    EXPECT_EQ(change->due_at.has_value(), !is_end(*change->to));
  });
}

TEST(DecideTable, AChangeWithoutAMoveOnlyWritesItsAttempt) {
  for_each_pair([](const std::string&, const Notification& n, const auto& change) {
    if (!change || change->to || change->puts_off) return;
    EXPECT_TRUE(change->attempt.has_value());
    EXPECT_EQ(change->money, MoneyEffect::keep);
    EXPECT_EQ(change->attempts, n.attempts);
    EXPECT_EQ(change->sms_tries, n.sms_tries);
    EXPECT_EQ(change->email_tries, n.email_tries);
    EXPECT_EQ(change->sms_submitted, n.sms_submitted);
  });
}

TEST(DecideTable, OneThatIsHeldBackOnlyWaits) {
  for_each_pair([](const std::string& what, const Notification& n, const auto& change) {
    EXPECT_EQ(change && change->puts_off,
              what == "held back" &&
                  (n.state == accepted || n.state == deferred || n.state == email_due));
    if (!change || !change->puts_off) return;
    EXPECT_FALSE(change->to);
    EXPECT_FALSE(change->attempt);
    EXPECT_EQ(change->due_at, sample::now + Milliseconds{60'000});
    EXPECT_EQ(change->attempts, n.attempts);
    EXPECT_EQ(change->sms_tries, n.sms_tries);
    EXPECT_EQ(change->email_tries, n.email_tries);
  });
}

TEST(DecideTable, OnlyADefiniteRefusalGivesMoneyBack) {
  for_each_pair([](const std::string& what, const Notification& n, const auto& change) {
    if (!change) return;
    const bool refusal = what.starts_with("carrier refused") ||
                         (what == "provider unavailable" && n.state == State::sending_sms);
    EXPECT_EQ(change->money == MoneyEffect::release, refusal && change->to.has_value());
  });
}

TEST(DecideTable, OnlyAProofThatTheCarrierHadItSpendsMoney) {
  for_each_pair([](const std::string& what, const Notification&, const auto& change) {
    if (!change) return;
    const bool proof =
        what == "carrier took it" || (what.starts_with("receipt") && what != "receipt overdue");
    EXPECT_EQ(change->money == MoneyEffect::spend, proof && change->to.has_value());
    EXPECT_EQ(change->spent, change->money == MoneyEffect::spend ? sample::price : Money{});
  });
}

TEST(DecideTable, ThatAnSmsMayHaveGoneOutIsNeverForgotten) {
  for (const auto& [what, input] : sample::all_inputs())
    for (const auto state : sample::all_states()) {
      SCOPED_TRACE(what + " in " + std::string{name(state)});
      auto n = sample::notification(state);
      n.sms_submitted = true;
      const auto change = decide(n, input, Policy{}, sample::now);
      if (!change) continue;
      EXPECT_TRUE(change->sms_submitted);
      const bool nothing_went_out = n.state == sending_sms || n.state == deferred;
      EXPECT_TRUE(nothing_went_out || change->to != accepted);
    }
}

TEST(DecideTable, EveryAnswerOfAWorkerReachesItsAttemptRowInEveryState) {
  const std::map<std::string, Submitted> answers{
      {"carrier took it", Submitted::accepted},
      {"carrier refused it for now", Submitted::refused},
      {"carrier refused it for good", Submitted::refused},
      {"unknown, says the worker", Submitted::unknown},
      {"mail took it", Submitted::accepted},
      {"mail refused it for now", Submitted::refused},
      {"mail refused it for good", Submitted::refused}};
  for_each_pair([&](const std::string& what, const Notification&, const auto& change) {
    if (!answers.contains(what)) return;
    ASSERT_TRUE(change && change->attempt && change->attempt->submission);
    EXPECT_EQ(change->attempt->no, sample::attempt);
    EXPECT_EQ(change->attempt->submission->outcome, answers.at(what));
    EXPECT_TRUE(change->attempt->owned);
    EXPECT_FALSE(change->attempt->receipt);
  });
}

TEST(DecideTable, EndingALostClaimNeverWritesIntoAnAttemptThatMovedOn) {
  for (const auto state : sample::all_states()) {
    const auto n = sample::notification(state);
    const auto sms = decide(n, sample::lost(false), Policy{}, sample::now);
    EXPECT_EQ(sms.has_value(), state == sending_sms) << name(state);
    EXPECT_FALSE(sms && sms->attempt->owned);
    const auto mail = decide(n, MailLeaseExpired{}, Policy{}, sample::now);
    EXPECT_EQ(mail.has_value(), state == sending_email) << name(state);
    EXPECT_FALSE(mail && mail->attempt->owned);
  }
}

TEST(DecideTable, AReceiptEndsTheClaimOfItsOwnAttemptOnly) {
  const auto n = sample::notification(sending_sms);
  for (const auto outcome :
       {ReceiptOutcome::delivered, ReceiptOutcome::accepted, ReceiptOutcome::failed_temporary,
        ReceiptOutcome::failed_permanent, ReceiptOutcome::opted_out, ReceiptOutcome::account}) {
    SCOPED_TRACE(name(outcome));
    const auto own = decide(n, sample::came(outcome), Policy{}, sample::now);
    ASSERT_TRUE(own && own->to && own->attempt && own->attempt->submission);
    EXPECT_TRUE(own->sms_submitted);
    EXPECT_EQ(own->money, MoneyEffect::spend);
    EXPECT_EQ(own->attempt->submission->message_id, "m-1");
    EXPECT_EQ(own->attempt->submission->outcome, Submitted::accepted);
    EXPECT_FALSE(own->attempt->owned) << "the worker's own answer is the better one";
    const ReceiptCame earlier{sample::attempt - 1, sample::receipt(outcome)};
    const auto other = decide(n, earlier, Policy{}, sample::now);
    EXPECT_FALSE(other && other->to);
    EXPECT_FALSE(other && other->sms_submitted);
  }
}

TEST(DecideTable, AReceiptOfAnEarlierAttemptMovesNothingButByADelivery) {
  for (const auto state : {sending_sms, unknown, sms_sent})
    for (const auto outcome : {ReceiptOutcome::delivered, ReceiptOutcome::accepted,
                               ReceiptOutcome::failed_permanent, ReceiptOutcome::opted_out}) {
      ReceiptCame earlier{sample::attempt - 1, sample::receipt(outcome)};
      earlier.receipt.price = Money{sample::price.micros / 2};
      const auto change = decide(sample::notification(state), earlier, Policy{}, sample::now);
      const bool ends = outcome == ReceiptOutcome::delivered && state != sending_sms;
      EXPECT_EQ(change && change->changes_notification(), ends) << name(state) << name(outcome);
    }
}

TEST(DecideTable, AfterAReceiptTheWorkersAnswerOnlyCompletesItsAttempt) {
  for (const auto state : {sms_sent, delivered, email_due, sending_email, emailed, dead}) {
    auto n = sample::notification(state);
    n.sms_submitted = true;
    n.reserved = {};
    n.spent = sample::price;
    for (const Input& answer : {Input{sample::took()}, Input{sample::refused(false)},
                                Input{sample::refused(true)}, Input{sample::lost(true)}}) {
      const auto change = decide(n, answer, Policy{}, sample::now);
      ASSERT_TRUE(change && change->attempt && change->attempt->submission);
      EXPECT_FALSE(change->changes_notification()) << name(state);
      EXPECT_TRUE(change->attempt->owned);
    }
  }
}

TEST(DecideTable, AnAnswerDoesNotEndTheClaimOfALaterAttempt) {
  const int earlier = sample::attempt - 1;
  const auto sending = sample::notification(sending_sms);
  for (const Input& repeated :
       {Input{sample::took(earlier)}, Input{sample::refused(false, earlier)},
        Input{sample::refused(true, earlier)}, Input{sample::lost(true, earlier)}}) {
    const auto change = decide(sending, repeated, Policy{}, sample::now);
    ASSERT_TRUE(change);
    EXPECT_EQ(change->to, std::nullopt);
    EXPECT_EQ(change->money, MoneyEffect::keep);
    EXPECT_EQ(change->attempt->no, earlier);
  }
  const auto mailing = sample::notification(sending_email);
  const auto mail = sample::mail_submission(Submitted::refused);
  EXPECT_EQ(decide(mailing, MailRefused{earlier, mail, true}, Policy{}, sample::now)->to,
            std::nullopt);
}

}  // namespace
}  // namespace postrider::domain
