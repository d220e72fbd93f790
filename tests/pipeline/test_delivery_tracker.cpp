#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

using domain::Money;
using enum domain::ReceiptOutcome;

TEST(DeliveryTracker, ADeliveryReceiptEndsItOnce) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.receive(delivered).applied, 1);
  EXPECT_EQ(shop.receive(delivered).applied, 0);
  EXPECT_EQ(shop.receive(failed_permanent).applied, 0);
  EXPECT_EQ(shop.state(id), State::delivered);
  EXPECT_EQ(shop.details(id).notification.proof, domain::Proof::handset);
}

TEST(DeliveryTracker, AFailureReceiptFallsBackAtOnceAndNoSecondSmsFollows) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.receive(failed_temporary);
  ASSERT_TRUE(shop.sender.send_due());
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(id), State::emailed);
  EXPECT_EQ(shop.carrier.submitted().size(), 1U);
  EXPECT_EQ(shop.mailer.sent().size(), 1U);
}

TEST(DeliveryTracker, ReceiptBeforeSendIsKeptAndAppliedOnce) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.carrier.while_submitting(
      [&](const ports::Sms&) { EXPECT_EQ(shop.receive(delivered).kept, 1); });
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.state(id), State::delivered);
  EXPECT_TRUE(shop.world.inbox.empty());
  EXPECT_EQ(shop.details(id).history.size(), 4U);
}

TEST(DeliveryTracker, ForeignReceiptsAreKeptForAWhileAndDoNoHarm) {
  Shop shop;
  EXPECT_EQ(shop.receive(delivered, "somebody-elses").kept, 1);
  EXPECT_EQ(shop.receive(delivered, "somebody-elses").kept, 1);
  EXPECT_EQ(shop.world.inbox.size(), 1U);
  shop.clock.advance(73h);
  ASSERT_TRUE(shop.sweeper.sweep());
  EXPECT_TRUE(shop.world.inbox.empty());
}

TEST(DeliveryTracker, ReorderedReceiptsInOneBatchEndAsDelivered) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  domain::Receipt last{"fake", "fake-1",         delivered, domain::Proof::carrier,
                       "",     shop.clock.now(), {},        {}};
  domain::Receipt first = last;
  first.outcome = accepted;
  const std::vector<domain::Receipt> batch{last, first, last};
  ASSERT_TRUE(shop.tracker.apply(batch));
  EXPECT_EQ(shop.state(id), State::delivered);
}

TEST(DeliveryTracker, ALateDeliveryAfterTheEmailIsRecordedNotApplied) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.clock.advance(16min);
  ASSERT_TRUE(shop.sweeper.sweep());
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(id), State::emailed);
  shop.receive(delivered);
  EXPECT_EQ(shop.state(id), State::emailed);
  EXPECT_EQ(shop.details(id).attempts[0].late_receipts, 1);
  EXPECT_EQ(shop.telemetry.counted(ports::Counter::receipts_late), 1);
}

TEST(DeliveryTracker, ADeliveryBeforeTheEmailIsClaimedSavesTheEmail) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.receive(failed_temporary);
  shop.receive(delivered);
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(id), State::delivered);
  EXPECT_TRUE(shop.mailer.sent().empty());
}

TEST(DeliveryTracker, ALatencyIsFromTheOrderToTheReceiptsDate) {
  using domain::Milliseconds;
  Shop shop;
  shop.customer();
  shop.accepted(event("o1"));
  shop.clock.advance(3s);
  ASSERT_TRUE(shop.sender.send_due());
  shop.clock.advance(4s);
  shop.receive(delivered);
  shop.receive(delivered);
  EXPECT_EQ(shop.telemetry.durations(ports::Timing::sms_latency), std::vector{Milliseconds{3'000}});
  EXPECT_EQ(shop.telemetry.durations(ports::Timing::delivery_latency),
            std::vector{Milliseconds{7'000}})
      << "once";
}

TEST(DeliveryTracker, AnOptOutReceiptIsStoredForTheNumber) {
  Shop shop;
  shop.customer();
  shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.receive(opted_out);
  shop.accepted(event("o2"));
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().size(), 1U);
}

TEST(DeliveryTracker, AnAccountLevelReceiptHoldsTheProviderAndFailsOnlyItsOwnMessage) {
  Shop shop;
  shop.customer();
  const auto first = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.receive(account);
  EXPECT_EQ(shop.state(first), State::email_due);
  const auto second = shop.accepted(event("o2"));
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.state(second), State::accepted);
}

TEST(DeliveryTracker, ARepeatedReceiptHasNoSecondEffect) {
  Shop shop;
  shop.customer();
  shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.receive(opted_out);
  ASSERT_TRUE(*shop.customers.opt_in("+4915112345678", shop.clock.now()));
  shop.receive(opted_out);
  const std::string number = "+4915112345678";
  EXPECT_FALSE(shop.customers.opted_out({&number, 1})->front());
}

TEST(DeliveryTracker, AnAccountProblemOfLongAgoDoesNotHoldTheProvider) {
  Shop shop;
  shop.customer();
  shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.clock.advance(16min);
  ASSERT_TRUE(shop.sweeper.sweep());
  shop.receive(account);
  EXPECT_EQ(shop.pipeline.sms.breaker_code(), "");
}

TEST(DeliveryTracker, AFailureAfterTheDeliveryDoesNotOverwriteIt) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.receive(delivered);
  shop.receive(delivered);
  shop.receive(failed_permanent);
  EXPECT_EQ(shop.details(id).attempts[0].receipt->outcome, delivered);
  EXPECT_EQ(shop.telemetry.counted(ports::Counter::receipts_delivered), 1);
}

TEST(DeliveryTracker, ABounceIsRecordedAgainstTheAddressWhichIsNotUsedAgain) {
  Shop shop;
  shop.customer("c1", "", "c1@example.com");
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.fallback.send_due());
  domain::Receipt bounce{"fake-mail",
                         "fake-mail-1",
                         failed_permanent,
                         domain::Proof::none,
                         "5.1.1",
                         shop.clock.now(),
                         {},
                         {}};
  ASSERT_TRUE(shop.tracker.apply({&bounce, 1}));
  EXPECT_EQ(shop.state(id), State::bounced);
  const auto next = shop.accepted(event("o2"));
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(next), State::dead);
  EXPECT_EQ(shop.details(next).notification.reason, "address_blocked");
  EXPECT_EQ(shop.mailer.sent().size(), 1U);
}

TEST(DeliveryTracker, AnUnknownWordWaitsForTheNextAndIsReported) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  domain::Receipt strange;
  strange.carrier = "fake";
  strange.message_id = "fake-1";
  strange.detail = domain::unknown_word;
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(shop.tracker.apply({&strange, 1}));
  EXPECT_EQ(shop.state(id), State::sms_sent);
  EXPECT_EQ(shop.telemetry.counted(ports::Counter::receipts_unknown), 2);
  const auto lines = shop.telemetry.lines_of("receipt_unknown");
  ASSERT_EQ(lines.size(), 1U) << "one a minute";
  EXPECT_EQ(lines[0].fields.at(ports::Field::carrier), "fake");
  shop.receive(delivered);
  EXPECT_EQ(shop.state(id), State::delivered);
  const auto silent = shop.accepted(event("o2"));
  ASSERT_TRUE(shop.sender.send_due());
  strange.message_id = "fake-2";
  ASSERT_TRUE(shop.tracker.apply({&strange, 1}));
  shop.clock.advance(16min);
  ASSERT_TRUE(shop.sweeper.sweep());
  EXPECT_EQ(shop.state(silent), State::email_due) << "the deadline stays";
}

TEST(DeliveryTracker, OfOneRequestADeliveryWinsWhateverItsPlace) {
  for (const bool delivery_first : {true, false}) {
    for (const bool early : {true, false}) {
      Shop shop;
      shop.customer();
      const auto id = shop.accepted(event("o1"));
      domain::Receipt yes, no;
      yes.carrier = no.carrier = "fake";
      yes.message_id = no.message_id = "fake-1";
      yes.outcome = delivered;
      no.outcome = failed_permanent;
      const std::vector batch = delivery_first ? std::vector{yes, no} : std::vector{no, yes};
      if (early)
        shop.carrier.while_submitting(
            [&](const ports::Sms&) { EXPECT_EQ(shop.tracker.apply(batch)->kept, 2); });
      ASSERT_TRUE(shop.sender.send_due());
      if (!early) {
        ASSERT_TRUE(shop.tracker.apply(batch));
      }
      EXPECT_EQ(shop.state(id), State::delivered) << delivery_first << early;
      EXPECT_EQ(shop.details(id).history.back().from, State::sms_sent) << delivery_first << early;
    }
  }
}

/// True where the number of customer c1 is opted out after these receipts of one SMS, with an
/// opt-in before the last.
bool opted_out_again(std::vector<domain::ReceiptOutcome> outcomes, domain::Milliseconds at_age) {
  Shop shop;
  shop.customer();
  shop.accepted(event("o1"));
  EXPECT_TRUE(shop.sender.send_due());
  const std::string number = "+4915112345678";
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    shop.clock.advance(1min);
    if (i + 1 == outcomes.size()) {
      EXPECT_TRUE(shop.customers.opt_in(number, shop.clock.now()));
      shop.clock.advance(1min);
    }
    domain::Receipt r;
    r.carrier = "fake";
    r.message_id = "fake-1";
    r.outcome = outcomes[i];
    r.at = shop.clock.now() - at_age;
    EXPECT_TRUE(shop.tracker.apply({&r, 1}));
  }
  return shop.customers.opted_out({&number, 1})->front();
}

TEST(DeliveryTracker, AnOptOutFromBeforeTheOptInDoesNotCount) {
  for (const auto age : {0min, 5min}) {  // a carrier's repetition may have a new time
    EXPECT_FALSE(opted_out_again({opted_out, opted_out}, age));
    EXPECT_FALSE(opted_out_again({opted_out, accepted, opted_out}, age));
    EXPECT_FALSE(opted_out_again({opted_out, failed_temporary, opted_out}, age));
    EXPECT_FALSE(opted_out_again({delivered, opted_out, opted_out}, age));
    EXPECT_FALSE(opted_out_again({opted_out}, age)) << "the first one came late";
  }
}

TEST(DeliveryTracker, AnOptOutOfALaterMessageCounts) {
  Shop shop;
  shop.customer();
  const std::string number = "+4915112345678";
  ASSERT_TRUE(shop.customers.opt_in(number, shop.clock.now()));
  shop.clock.advance(1min);
  shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.receive(opted_out);
  EXPECT_TRUE(shop.customers.opted_out({&number, 1})->front());
}

}  // namespace
}  // namespace postrider::pipeline::testing
