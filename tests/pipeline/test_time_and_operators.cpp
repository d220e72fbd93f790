#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

TEST(Sweeper, SilenceFallsBackToEmail) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.clock.advance(14min);
  ASSERT_TRUE(shop.sweeper.sweep());
  EXPECT_EQ(shop.state(id), State::sms_sent);
  shop.clock.advance(2min);
  ASSERT_TRUE(shop.sweeper.sweep());
  EXPECT_EQ(shop.details(id).notification.reason, "no_receipt");
}

TEST(Sweeper, AClaimWithoutItsWorkerBecomesUnknownAndALateAnswerIsStillRecorded) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.carrier.while_submitting([&](const ports::Sms&) {
    shop.clock.advance(2min);
    const auto swept = shop.sweeper.sweep();
    EXPECT_EQ(swept->rescued, 1);
    EXPECT_EQ(shop.state(id), State::unknown);
  });
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.state(id), State::sms_sent);
  shop.receive(domain::ReceiptOutcome::delivered);
  EXPECT_EQ(shop.state(id), State::delivered);
}

TEST(Sweeper, AtStartEveryClaimEndsWhateverItsLease) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.store.claim_sms({&id, 1}, {shop.clock.now(), 1min, shop.policy.limits}));
  EXPECT_EQ(*shop.sweeper.rescue_at_start(), 1);
  EXPECT_EQ(shop.state(id), State::unknown);
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_TRUE(shop.carrier.submitted().empty());
}

TEST(Sweeper, ADeferredOneWakesUnlessTheCustomerIsToldOfANewerStatus) {
  domain::Policy policy;
  policy.throttle_per_hour = 1;
  Shop shop{policy};
  shop.customer();
  shop.accepted(event("o0"));
  shop.clock.advance(1s);
  const auto old = shop.accepted(event("o1", "confirmed"));
  const auto lone = shop.accepted(event("o2", "confirmed"));
  shop.clock.advance(1s);
  shop.accepted(event("o1", "cancelled"));
  shop.clock.advance(3h);
  ASSERT_TRUE(shop.sweeper.sweep());
  EXPECT_EQ(shop.state(old), State::deferred) << "the cancellation may still fail";
  EXPECT_EQ(shop.state(lone), State::accepted);
  ASSERT_TRUE(shop.sender.send_due());
  shop.clock.advance(2min);
  ASSERT_TRUE(shop.sweeper.sweep());
  EXPECT_EQ(shop.state(old), State::superseded);
}

TEST(Sweeper, RecordsExpireButDeadLettersStay) {
  Shop shop;
  shop.customer();
  shop.customer("dead", "", "dead@example.com");
  const auto done = shop.accepted(event("o1"));
  const auto dead = shop.accepted(event("o2", "confirmed", "dead"));
  shop.mailer.answer_next(ports::MailFailed{domain::Fault::recipient, "550"});
  ASSERT_TRUE(shop.sender.send_due());
  shop.receive(domain::ReceiptOutcome::delivered);
  ASSERT_TRUE(shop.fallback.send_due());
  ASSERT_EQ(shop.state(dead), State::dead);
  shop.clock.advance(31 * 24h);
  ASSERT_TRUE(shop.sweeper.sweep());
  EXPECT_FALSE(*shop.query.details(done));
  EXPECT_TRUE(*shop.query.details(dead));
}

TEST(Intake, GrowsWithinABatchAndWhateverTheClockDoes) {
  Shop shop;
  shop.customer();
  std::vector<Incoming> batch;
  for (const auto* status : {"confirmed", "packed", "shipped"})
    batch.push_back({{"default", domain::Mode::live}, event("o1", status)});
  const auto intakes = [&] {
    std::vector<std::int64_t> taken;
    for (const auto& n : shop.orders.prepare(batch)->notifications) taken.push_back(n.intake);
    return taken;
  };
  auto all = intakes();
  shop.clock.advance(-1h);
  for (const auto intake : intakes()) all.push_back(intake);
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), std::less_equal<>{}));
  EXPECT_EQ(all.front(), domain::to_unix_ms(shop.clock.now() + 1h) * 1000);
}

TEST(DeadLetters, AReplayKeepsToEmailOnceAnSmsWasSubmittedAndLeavesAnAuditRow) {
  Shop shop;
  shop.customer("c1", "+4915112345678", "");
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  shop.receive(domain::ReceiptOutcome::failed_permanent);
  ASSERT_TRUE(shop.fallback.send_due());
  ASSERT_EQ(shop.state(id), State::dead);
  EXPECT_EQ(std::get<State>(*shop.dead_letters.replay(id, "operator-key")), State::email_due);
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().size(), 1U);
  ASSERT_EQ(shop.world.audit.size(), 1U);
  EXPECT_EQ(shop.world.audit[0].action, "dead_letter.replay");
}

TEST(DeadLetters, AReplayNeverGoesBySmsToACustomerWhoRefusesSms) {
  Shop shop;
  shop.consent(false);
  const auto id = shop.accepted(event("o1"));
  shop.mailer.answer_next(ports::MailFailed{domain::Fault::recipient, "smtp_550"});
  ASSERT_TRUE(shop.fallback.send_due());
  ASSERT_EQ(shop.state(id), State::dead);
  EXPECT_EQ(std::get<State>(*shop.dead_letters.replay(id, "local")), State::email_due);
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_TRUE(shop.carrier.submitted().empty());
}

TEST(DeadLetters, AnAddressThatBouncedIsUsedAgainOnlyWhenAnOperatorReplays) {
  Shop shop;
  shop.customer("c1", "", "gone@example.com");
  const auto first = shop.accepted(event("o1"));
  shop.mailer.answer_next(ports::MailFailed{domain::Fault::no_recipient, "smtp_550"});
  ASSERT_TRUE(shop.fallback.send_due());
  ASSERT_EQ(shop.state(first), State::dead);
  const auto second = shop.accepted(event("o2"));
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(second), State::dead);
  EXPECT_EQ(shop.mailer.sent().size(), 1U) << "the second was not even tried";
  EXPECT_EQ(std::get<State>(*shop.dead_letters.replay(second, "local")), State::email_due);
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(second), State::emailed);
}

TEST(DeadLetters, AMailRefusedForItsContentBlocksNoAddress) {
  Shop shop;
  shop.customer("c1", "", "picky@example.com");
  shop.accepted(event("o1"));
  shop.mailer.answer_next(ports::MailFailed{domain::Fault::recipient, "smtp_554"});
  ASSERT_TRUE(shop.fallback.send_due());
  const auto second = shop.accepted(event("o2"));
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(second), State::emailed);
}

TEST(DeadLetters, OnlyDeadLettersAreReplayedOrDiscarded) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  EXPECT_EQ(std::get<NotDead>(*shop.dead_letters.discard(id, "local")).state, State::accepted);
  EXPECT_TRUE(std::holds_alternative<NotFound>(*shop.dead_letters.discard({}, "local")));
  EXPECT_TRUE(shop.world.audit.empty());
}

}  // namespace
}  // namespace postrider::pipeline::testing
