// Receipts that come before the answer to their SMS, or to the SMS of a later attempt.
#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

using domain::Money;
using enum domain::ReceiptOutcome;

/// A receipt that names the attempt of the SMS, as End User Messaging's events do.
domain::Receipt named(const ports::Sms& sms, domain::ReceiptOutcome outcome) {
  domain::Receipt r;
  r.carrier = "fake";
  r.message_id = "fake-1";
  r.outcome = outcome;
  r.reference = {sms.reference, sms.attempt_no};
  return r;
}

/// The state after a send whose receipt overtook its answer.
State overtaken(Shop& shop, domain::ReceiptOutcome outcome, ports::SmsOutcome answer) {
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.carrier.answer_next(std::move(answer));
  shop.carrier.while_submitting([&](const ports::Sms& sms) {
    const auto receipt = named(sms, outcome);
    EXPECT_EQ(shop.tracker.apply({&receipt, 1})->applied, 1);
  });
  EXPECT_TRUE(shop.sender.send_due());
  return shop.state(id);
}

TEST(ReceiptBeforeAnswer, EndsTheClaimAndTheAnswerCompletesItsAttempt) {
  for (const auto& [outcome, state] : {std::pair{delivered, State::delivered},
                                       {accepted, State::sms_sent},
                                       {failed_temporary, State::email_due},
                                       {opted_out, State::email_due}}) {
    SCOPED_TRACE(name(outcome));
    Shop shop;
    EXPECT_EQ(overtaken(shop, outcome, ports::SmsAccepted{"fake-1"}), state);
    const auto& row = shop.world.rows.begin()->second;
    ASSERT_EQ(row.attempts.size(), 1U);
    EXPECT_EQ(row.attempts.at(1).submission.message_id, "fake-1");
    EXPECT_EQ(row.attempts.at(1).submission.outcome, domain::Submitted::accepted);
    ASSERT_TRUE(row.attempts.at(1).receipt);
    EXPECT_EQ(row.attempts.at(1).receipt->outcome, outcome);
    EXPECT_EQ(shop.budget().spent, Money{50'000});
    EXPECT_EQ(shop.budget().reserved, Money{0});
    EXPECT_TRUE(shop.world.inbox.empty());
    shop.clock.advance(1h);
    ASSERT_TRUE(shop.sweeper.sweep());
    ASSERT_TRUE(shop.sender.send_due());
    ASSERT_TRUE(shop.fallback.send_due());
    EXPECT_EQ(shop.carrier.submitted().size(), 1U);
    EXPECT_EQ(shop.mailer.sent().size(), state == State::delivered ? 0U : 1U);
  }
}

TEST(ReceiptBeforeAnswer, StandsWhateverTheAnswerSays) {
  for (const ports::SmsOutcome& answer :
       {ports::SmsOutcome{ports::SmsFailed{domain::Fault::unknown, "timeout"}},
        ports::SmsOutcome{ports::SmsFailed{domain::Fault::passing, "busy"}},
        ports::SmsOutcome{ports::SmsFailed{domain::Fault::message, "invalid"}},
        ports::SmsOutcome{ports::SmsFailed{domain::Fault::throttled, "throttled"}},
        ports::SmsOutcome{ports::SmsFailed{domain::Fault::server, "reset"}},
        ports::SmsOutcome{ports::SmsNotBegun{}}}) {
    SCOPED_TRACE(answer.index());
    Shop shop;
    EXPECT_EQ(overtaken(shop, delivered, answer), State::delivered);
    EXPECT_EQ(shop.budget().spent, Money{50'000}) << "the SMS has arrived";
    shop.clock.advance(1h);
    ASSERT_TRUE(shop.sweeper.sweep());
    ASSERT_TRUE(shop.sender.send_due());
    EXPECT_EQ(shop.carrier.submitted().size(), 1U);
  }
}

TEST(ReceiptBeforeAnswer, AWorkerThatDiesLosesNothing) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  const domain::ClaimTerms terms{shop.clock.now(), shop.policy.sms_lease};
  ASSERT_TRUE(shop.store.claim_sms({&id, 1}, terms));
  domain::Receipt receipt;
  receipt.carrier = "fake";
  receipt.message_id = "m";
  receipt.outcome = accepted;
  receipt.reference = {id, 1};
  ASSERT_TRUE(shop.tracker.apply({&receipt, 1}));
  EXPECT_EQ(shop.state(id), State::sms_sent);
  shop.clock.advance(2min);
  EXPECT_EQ(shop.sweeper.sweep()->rescued, 0);
  EXPECT_EQ(shop.receive(delivered, "m").applied, 1) << "found by the id that the receipt told";
  EXPECT_EQ(shop.state(id), State::delivered);
}

TEST(ReceiptBeforeAnswer, OfAnEarlierAttemptEndsNoClaim) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::passing, "busy"});
  ASSERT_TRUE(shop.sender.send_due());
  shop.clock.advance(1min);
  shop.carrier.while_submitting([&](const ports::Sms& sms) {
    ASSERT_EQ(sms.attempt_no, 2);
    auto receipt = named(sms, failed_permanent);
    receipt.reference->attempt_no = 1;
    EXPECT_EQ(shop.tracker.apply({&receipt, 1})->applied, 0);
    EXPECT_EQ(shop.state(id), State::sending_sms);
  });
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.state(id), State::sms_sent);
}

/// However the second attempt ends, the first one's SMS has arrived: no e-mail, no third SMS.
TEST(ReceiptBeforeAnswer, ADeliveryOfAnEarlierAttemptCountsWhenTheLaterOneEnds) {
  for (const ports::SmsOutcome& answer :
       {ports::SmsOutcome{ports::SmsFailed{domain::Fault::message, "invalid"}},
        ports::SmsOutcome{ports::SmsFailed{domain::Fault::passing, "busy"}},
        ports::SmsOutcome{ports::SmsFailed{domain::Fault::unknown, "timeout"}},
        ports::SmsOutcome{ports::SmsFailed{domain::Fault::throttled, "throttled"}},
        ports::SmsOutcome{ports::SmsAccepted{"fake-2"}}}) {
    SCOPED_TRACE(answer.index());
    Shop shop;
    shop.customer();
    const auto id = shop.accepted(event("o1"));
    shop.carrier.answer_next(ports::SmsFailed{domain::Fault::passing, "busy"});
    ASSERT_TRUE(shop.sender.send_due());
    shop.clock.advance(1min);
    shop.carrier.while_submitting([&](const ports::Sms& sms) {
      ASSERT_EQ(sms.attempt_no, 2);
      auto receipt = named(sms, delivered);
      receipt.reference->attempt_no = 1;
      ASSERT_TRUE(shop.tracker.apply({&receipt, 1}));
      EXPECT_EQ(shop.state(id), State::sending_sms) << "it ends no claim";
    });
    shop.carrier.answer_next(answer);
    ASSERT_TRUE(shop.sender.send_due());
    for (int day = 0; day < 5; ++day) {
      shop.clock.advance(24h);
      ASSERT_TRUE(shop.sweeper.sweep());
      ASSERT_TRUE(shop.sender.send_due());
      ASSERT_TRUE(shop.fallback.send_due());
    }
    EXPECT_EQ(shop.state(id), State::delivered);
    EXPECT_EQ(shop.carrier.submitted().size(), 2U);
    EXPECT_TRUE(shop.mailer.sent().empty());
  }
}

}  // namespace
}  // namespace postrider::pipeline::testing
