// decide(): times, tries, reasons and money of single inputs.
#include "domain/delivery/decide.hpp"

#include <gtest/gtest.h>

#include "sample.hpp"

namespace postrider::domain {
namespace {

using enum State;
using sample::now;
using sample::submitted;

Change decided(const Notification& n, const Input& input) {
  return decide(n, input, Policy{}, now).value();
}

TEST(Decide, TheReceiptIsAwaitedFromTheSubmissionNotFromTheAnswer) {
  const Policy policy;
  const auto took = decided(sample::notification(sending_sms), sample::took());
  EXPECT_EQ(took.due_at, submitted + policy.receipt_wait);
  EXPECT_TRUE(took.sms_submitted);
  const auto lost = decided(sample::notification(sending_sms), sample::lost(true));
  EXPECT_EQ(lost.due_at, submitted + policy.receipt_wait);
  EXPECT_TRUE(lost.sms_submitted);
  EXPECT_EQ(lost.money, MoneyEffect::keep);
}

TEST(Decide, AReceiptThatProvesAcceptanceKeepsTheDeadlineOfTheUnknownOne) {
  const auto n = sample::notification(unknown);
  const auto change = decided(n, sample::came(ReceiptOutcome::accepted));
  EXPECT_EQ(change.due_at, n.due_at);
  EXPECT_EQ(change.money, MoneyEffect::spend);
}

TEST(Decide, AReceiptThatIsNotFinalEndsAClaimAndIsWaitedAfter) {
  const auto change =
      decided(sample::notification(sending_sms), sample::came(ReceiptOutcome::accepted));
  EXPECT_EQ(change.to, sms_sent);
  EXPECT_EQ(change.due_at, now + Policy{}.receipt_wait);
  EXPECT_EQ(change.cause, "receipt:accepted");
}

TEST(Decide, ARefusalUsesATryAndWaitsWithinTheBackoff) {
  const Policy policy;
  auto n = sample::notification(sending_sms);
  n.sms_tries = 0;
  const auto first = decided(n, sample::refused(false));
  EXPECT_EQ(first.sms_tries, 1);
  EXPECT_GT(first.due_at, now);
  EXPECT_LE(first.due_at, now + policy.sms_backoff);
  n.sms_tries = 1;
  EXPECT_LE(decided(n, sample::refused(false)).due_at, now + policy.sms_backoff * 2);
}

TEST(Decide, TheLastTryThatIsRefusedGoesByEmailAtOnce) {
  auto n = sample::notification(sending_sms);
  n.sms_tries = Policy{}.sms_tries - 1;
  const auto change = decided(n, sample::refused(false));
  EXPECT_EQ(change.to, email_due);
  EXPECT_EQ(change.due_at, now);
  EXPECT_EQ(change.reason, "sms_refused");
  EXPECT_EQ(change.cause, "refused:code");
  EXPECT_EQ(change.money, MoneyEffect::release);
}

TEST(Decide, AnUnavailableCarrierUsesNoTryAndGivesTheAttemptNumberBack) {
  const auto n = sample::notification(sending_sms);
  const auto change = decided(n, ProviderUnavailable{Milliseconds{2'500}, "throttled"});
  EXPECT_EQ(change.to, accepted);
  EXPECT_EQ(change.sms_tries, n.sms_tries);
  EXPECT_EQ(change.attempts, n.attempts - 1);
  EXPECT_EQ(change.due_at, now + Milliseconds{2'500});
  EXPECT_FALSE(change.attempt.has_value());
  EXPECT_EQ(change.cause, "line:throttled");
}

TEST(Decide, AnUnavailableMailServerUsesNoTryAndTouchesNoMoney) {
  const auto n = sample::notification(sending_email);
  const auto change = decided(n, ProviderUnavailable{Milliseconds{2'500}, "connect_failed"});
  EXPECT_EQ(change.to, email_due);
  EXPECT_EQ(change.email_tries, n.email_tries);
  EXPECT_EQ(change.attempts, n.attempts - 1);
  EXPECT_EQ(change.money, MoneyEffect::keep) << "what an SMS of unknown outcome reserved stays";
}

TEST(Decide, AMailCountsAsSentAfterItsLeaseOnlyIfNoOtherWorkerClaimedIt) {
  const auto n = sample::notification(email_due);
  EXPECT_EQ(decided(n, MailAccepted{n.attempts, {}}).to, emailed);
  EXPECT_FALSE(decided(n, MailAccepted{n.attempts - 1, {}}).to);
}

TEST(Decide, WaitingAndWakingUseNoTry) {
  const auto n = sample::notification(deferred);
  const auto change = decided(n, Woken{});
  EXPECT_EQ(change.sms_tries, n.sms_tries);
  EXPECT_EQ(change.attempts, n.attempts);
  EXPECT_EQ(change.due_at, now);
}

TEST(Decide, ARuledOutSmsGoesByEmailAtOnceWithTheReason) {
  for (const auto reason : {Reason::opted_out, Reason::no_money, Reason::too_late}) {
    const auto change = decided(sample::notification(accepted), SmsRuledOut{reason});
    EXPECT_EQ(change.reason, code(reason));
    EXPECT_EQ(change.cause, code(reason));
    EXPECT_EQ(change.due_at, now);
    EXPECT_EQ(change.money, MoneyEffect::keep);
  }
}

TEST(Decide, MoneyIsSettledOnceOnly) {
  auto n = sample::notification(sms_sent);
  n.reserved = {};
  n.spent = sample::price;  // as after the carrier took it
  EXPECT_EQ(decided(n, sample::came(ReceiptOutcome::delivered)).money, MoneyEffect::keep);
  n.state = sending_sms;  // test mode: nothing was reserved
  n.spent = {};
  n.budget_day = 0;
  EXPECT_EQ(decided(n, sample::took()).money, MoneyEffect::keep);
}

TEST(Decide, ThePriceOfTheReceiptWinsOverTheEstimate) {
  auto came = sample::came(ReceiptOutcome::delivered);
  came.receipt.price = Money{61'000};
  EXPECT_EQ(decided(sample::notification(unknown), came).spent, Money{61'000});
  for (const auto state : {sms_sent, delivered, emailed, dead}) {  // however late it comes
    auto n = sample::notification(state);
    n.reserved = {};
    n.spent = sample::price;
    const auto change = decided(n, came);
    EXPECT_EQ(change.money, MoneyEffect::spend) << name(state);
    EXPECT_EQ(change.spent, Money{61'000}) << name(state);
    EXPECT_EQ(change.charged, sample::price) << name(state);
    n.spent = Money{61'000};
    EXPECT_EQ(decided(n, came).money, MoneyEffect::keep) << "reported twice, in " << name(state);
  }
}

TEST(Decide, APriceFarFromTheEstimateIsKeptAndNotBooked) {
  const Policy policy;
  const auto booked = [](std::int64_t price) {
    auto came = sample::came(ReceiptOutcome::delivered);
    came.receipt.price = Money{price};
    const auto change = decided(sample::notification(sms_sent), came);
    EXPECT_EQ(change.attempt->receipt->price, Money{price});
    return change.spent;
  };
  const auto most = sample::price * policy.max_price_factor;
  EXPECT_EQ(booked(most.micros), most);
  EXPECT_EQ(booked(most.micros + 1), sample::price);
  const Money least{sample::price.micros / policy.max_price_factor};
  EXPECT_EQ(booked(least.micros), least);
  EXPECT_EQ(booked(least.micros - 1), sample::price);
  EXPECT_EQ(booked(0), sample::price) << "no bill yet";
}

TEST(Decide, APriceOfZeroTakesNothingBackFromAnEarlierPrice) {
  auto n = sample::notification(delivered);
  n.reserved = {};
  n.spent = Money{61'000};
  auto came = sample::came(ReceiptOutcome::delivered);
  came.receipt.price = Money{0};
  EXPECT_EQ(decided(n, came).money, MoneyEffect::keep);
}

TEST(Decide, WithoutAnEstimateAnyPriceCounts) {
  auto n = sample::notification(sms_sent);
  n.estimate = {};
  auto came = sample::came(ReceiptOutcome::delivered);
  came.receipt.price = Money{31'000};
  EXPECT_EQ(decided(n, came).spent, Money{31'000});
}

TEST(Decide, ADeliveryWithoutAWordOnProofIsTheCarriers) {
  const auto n = sample::notification(sms_sent);
  EXPECT_EQ(decided(n, sample::came(ReceiptOutcome::delivered, Proof::none)).proof, Proof::carrier);
  EXPECT_EQ(decided(n, sample::came(ReceiptOutcome::delivered, Proof::handset)).proof,
            Proof::handset);
}

TEST(Decide, ADeliveryOfARefusedTryEndsTheWaitForTheNext) {
  for (const auto state : {accepted, deferred}) {
    const auto change =
        decided(sample::notification(state), sample::came(ReceiptOutcome::delivered));
    EXPECT_EQ(change.to, delivered) << name(state);
    EXPECT_TRUE(change.sms_submitted) << name(state);
    EXPECT_EQ(change.due_at, std::nullopt) << name(state);
  }
}

TEST(Decide, ALateDeliveryIsCountedAndChangesNothing) {
  for (const auto state : {sending_email, emailed, bounced, dead, discarded}) {
    const auto change = decided(sample::notification(state),
                                sample::came(ReceiptOutcome::delivered, Proof::handset));
    EXPECT_EQ(change.to, std::nullopt) << name(state);
    EXPECT_TRUE(change.attempt->late) << name(state);
    EXPECT_EQ(change.proof, Proof::none) << name(state);
  }
  const auto again =
      decided(sample::notification(delivered), sample::came(ReceiptOutcome::delivered));
  EXPECT_FALSE(again.attempt->late);
}

TEST(Decide, AnIntermediateReceiptOutOfOrderOverwritesNothing) {
  for (const auto state : sample::all_states()) {
    const auto change =
        decide(sample::notification(state), sample::came(ReceiptOutcome::accepted), Policy{}, now);
    const bool open = state == unknown || state == sms_sent || state == sending_sms;
    EXPECT_EQ(change.has_value(), open) << name(state);
  }
}

TEST(Decide, AMailThatIsRefusedForNowWaitsADayWithGrowingWaits) {
  const Policy policy;
  auto n = sample::notification(sending_email);
  n.email_tries = 0;
  Milliseconds waited{};
  int tries = 0;
  while (true) {
    const auto change = decided(n, sample::mail_refused(false));
    EXPECT_EQ(change.email_tries, ++tries);
    if (change.to == dead) {
      EXPECT_EQ(change.reason, "mail:code");
      break;
    }
    ASSERT_EQ(change.to, email_due);
    EXPECT_EQ(change.reason, n.reason);
    const auto wait = *change.due_at - now;
    EXPECT_GT(wait, Milliseconds{0});
    const auto grown = policy.email_backoff.count() << std::min(tries - 1, 20);
    EXPECT_LE(wait, std::min(Milliseconds{grown}, Milliseconds{std::chrono::minutes{30}}));
    waited += wait;
    EXPECT_EQ(change.mail_waited, waited);
    n.email_tries = change.email_tries;
    n.mail_waited = change.mail_waited;
  }
  EXPECT_EQ(waited, std::chrono::hours{24}) << "not less, and not more";
  EXPECT_GT(tries, 48);
}

TEST(Decide, AMailThatIsRefusedForGoodIsADeadLetterAtOnce) {
  const auto change = decided(sample::notification(sending_email), sample::mail_refused(true));
  EXPECT_EQ(change.to, dead);
  EXPECT_EQ(change.reason, "mail:code");
}

TEST(Decide, AMailInDoubtUsesNoTryAndIsNeverADeadLetter) {
  const Policy policy;
  auto n = sample::notification(sending_email);
  n.mail_waited = policy.email_give_up;
  n.attempts = 1'000;
  auto doubt = sample::mail_in_doubt();
  doubt.attempt_no = n.attempts;
  for (const Input& input : {Input{doubt}, Input{MailLeaseExpired{}}}) {
    const auto change = decided(n, input);
    EXPECT_EQ(change.to, email_due);
    EXPECT_EQ(change.email_tries, n.email_tries);
    EXPECT_EQ(change.mail_waited, n.mail_waited);
    EXPECT_TRUE(change.mail_submitted) << "the customer may have been told";
    EXPECT_EQ(change.attempt->submission->outcome, Submitted::unknown);
    EXPECT_GT(*change.due_at, now);
    EXPECT_LE(*change.due_at, now + std::chrono::minutes{30});
  }
}

TEST(Decide, AnOutageOfTheServerTakesNothingOfTheTimeForARecipient) {
  auto n = sample::notification(sending_email);
  n.mail_waited = std::chrono::hours{1};
  const auto change = decided(n, ProviderUnavailable{std::chrono::minutes{5}, "connect_failed"});
  EXPECT_EQ(change.to, email_due);
  EXPECT_EQ(change.mail_waited, n.mail_waited);
  EXPECT_EQ(change.email_tries, n.email_tries);
}

TEST(Decide, ABounceNamesItsReason) {
  auto came = sample::receipt(ReceiptOutcome::failed_temporary);
  came.detail = "mailbox_full";
  const auto change = decided(sample::notification(emailed), MailBounced{sample::attempt, came});
  EXPECT_EQ(change.to, bounced);
  EXPECT_EQ(change.reason, "bounced:mailbox_full");
}

TEST(Decide, AReplayGoesBySmsOnlyInTimeAndIfNoneEverWentOut) {
  auto n = sample::notification(dead);
  EXPECT_EQ(decided(n, Replayed{}).to, accepted);
  EXPECT_EQ(decide(n, Replayed{}, Policy{}, n.not_after)->to, accepted);
  EXPECT_EQ(decide(n, Replayed{}, Policy{}, n.not_after + Milliseconds{1})->to, email_due);
  n.content.phone.clear();
  EXPECT_EQ(decided(n, Replayed{}).to, email_due);
  n = sample::notification(dead);
  n.sms_submitted = true;
  n.mail_waited = Milliseconds{5};
  const auto change = decided(n, Replayed{});
  EXPECT_EQ(change.to, email_due);
  EXPECT_EQ(change.email_tries, 0);
  EXPECT_EQ(change.mail_waited, Milliseconds{0});
  EXPECT_EQ(change.attempts, n.attempts);
}

}  // namespace
}  // namespace postrider::domain
