#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

TEST(SmsSender, AnSmsThatTheCarrierTookIsSentAndPaid) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  const auto d = shop.details(id);
  EXPECT_EQ(d.notification.state, State::sms_sent);
  ASSERT_EQ(d.attempts.size(), 1U);
  EXPECT_EQ(d.attempts[0].submission.message_id, "fake-1");
  EXPECT_EQ(shop.budget().spent, d.notification.estimate);
  EXPECT_EQ(shop.budget().reserved, domain::Money{});
  EXPECT_EQ(*d.notification.due_at, shop.clock.now() + shop.policy.receipt_wait);
}

TEST(SmsSender, TheClaimIsDurableBeforeTheFirstByte) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  State during = State::accepted;
  shop.carrier.while_submitting([&](const ports::Sms&) { during = shop.state(id); });
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(during, State::sending_sms);
}

TEST(SmsSender, AnUnknownOutcomeIsNeverSentAgainAndItsMoneyStaysReserved) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::unknown, "timeout"});
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(shop.sender.send_due());
    ASSERT_TRUE(shop.sweeper.sweep());
    ASSERT_TRUE(shop.fallback.send_due());
    shop.clock.advance(1min);
  }
  EXPECT_EQ(shop.carrier.submitted().size(), 1U);
  EXPECT_EQ(shop.state(id), State::emailed);
  EXPECT_EQ(shop.budget().reserved, shop.details(id).notification.estimate);
}

TEST(SmsSender, ADefiniteRefusalIsTriedThreeTimesAndThenGoesByEmail) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  for (int i = 0; i < 5; ++i)
    shop.carrier.answer_next(ports::SmsFailed{domain::Fault::passing, "busy"});
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(shop.sender.send_due());
    shop.clock.advance(1min);
  }
  EXPECT_EQ(shop.carrier.submitted().size(), 3U);
  EXPECT_EQ(shop.state(id), State::email_due);
  EXPECT_EQ(shop.details(id).attempts.size(), 3U);
  EXPECT_EQ(shop.budget().reserved, domain::Money{});
  EXPECT_EQ(shop.budget().spent, domain::Money{});
}

TEST(SmsSender, InABatchOneBadMessageDoesNotRepeatTheOthers) {
  Shop shop;
  shop.customer();
  for (int i = 0; i < 5; ++i) shop.accepted(event("o" + std::to_string(i)));
  shop.carrier.answer_next(ports::SmsAccepted{"fake-1"});
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::message, "bad"});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().size(), 5U);
}

TEST(SmsSender, AThrottlingOrUnreachableProviderUsesNoTryAndIsProbedByOne) {
  Shop shop;
  shop.customer();
  std::vector<domain::NotificationId> ids;
  for (int i = 0; i < 8; ++i) ids.push_back(shop.accepted(event("o" + std::to_string(i))));
  for (int i = 0; i < 8; ++i)
    shop.carrier.answer_next(ports::SmsFailed{domain::Fault::server, "connect"});
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().size(), 8U);
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().size(), 8U) << "the breaker blocks";
  EXPECT_EQ(shop.telemetry.counted(ports::Counter::sms_unreachable), 8);
  EXPECT_FALSE(shop.pipeline.sms.breaker_code().empty());
  shop.clock.advance(1min);
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::throttled, "throttled", 2s});
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().size(), 9U) << "one probe";
  shop.clock.advance(1min);
  ASSERT_TRUE(shop.sender.send_due());
  shop.clock.advance(1min);
  ASSERT_TRUE(shop.sender.send_due());
  for (const auto& id : ids) {
    EXPECT_EQ(shop.state(id), State::sms_sent);
    EXPECT_EQ(shop.details(id).notification.sms_tries, 0);
    EXPECT_EQ(shop.details(id).attempts.size(), 1U);
  }
}

TEST(SmsSender, AnAccountProblemHoldsTheProvider) {
  Shop shop;
  shop.customer();
  shop.accepted(event("o1"));
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::account, "no_quota"});
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.pipeline.sms.breaker_code(), "no_quota");
  shop.clock.advance(5min);
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().size(), 1U);
  EXPECT_EQ(shop.telemetry.counted(ports::Counter::account_problems), 1);
}

TEST(SmsSender, AnOptedOutNumberAndAnEmptyBudgetGoByEmailWithoutASubmission) {
  Shop shop;
  shop.customer();
  const ports::OptOut number{"+4915112345678", "operator", shop.clock.now()};
  ASSERT_TRUE(shop.customers.opt_out({&number, 1}));
  const auto out = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.details(out).notification.reason, "opted_out");

  domain::Policy poor;
  poor.limits.monthly = {120'000};
  Shop second{poor};
  second.customer();
  for (int i = 0; i < 5; ++i) second.accepted(event("o" + std::to_string(i)));
  ASSERT_TRUE(second.sender.send_due());
  EXPECT_EQ(second.carrier.submitted().size(), 2U);
  EXPECT_LE(second.budget().spent + second.budget().reserved, poor.limits.monthly);
}

TEST(SmsSender, TheCarriersOwnOptOutIsStoredAndFinal) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::opted_out, "opted_out"});
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.state(id), State::email_due);
  shop.accepted(event("o2"));
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().size(), 1U);
}

TEST(SmsSender, NothingIsSentAfterNotAfter) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.clock.advance(shop.policy.sms_not_after + 1min);
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_TRUE(shop.carrier.submitted().empty());
  EXPECT_EQ(shop.state(id), State::email_due);
  EXPECT_EQ(shop.details(id).notification.reason, "too_late");
}

TEST(SmsSender, AnOutcomeThatCannotBeWrittenIsKeptAndNothingElseIsClaimed) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.carrier.while_submitting([&](const ports::Sms&) {
    shop.world.write_failure = domain::Error{domain::ErrorKind::storage_full, "full"};
  });
  EXPECT_FALSE(shop.sender.send_due());
  shop.world.write_failure.reset();
  shop.carrier.while_submitting({});
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.state(id), State::sms_sent);
  EXPECT_EQ(shop.carrier.submitted().size(), 1U);
}

TEST(SmsSender, TheRateHoldsOverASecond) {
  Shop shop{{}, 20};
  shop.customer();
  for (int i = 0; i < 60; ++i) shop.accepted(event("o" + std::to_string(i), "refunded"));
  std::vector<std::size_t> sent_at;  // by 10 ms
  for (int tick = 0; tick < 300; ++tick) {
    ASSERT_TRUE(shop.sender.send_due());
    sent_at.push_back(shop.carrier.submitted().size());
    shop.clock.advance(10ms);
  }
  for (std::size_t i = 100; i < sent_at.size(); ++i) EXPECT_LE(sent_at[i] - sent_at[i - 100], 20U);
  EXPECT_GE(shop.carrier.submitted().size(), 58U);
}

TEST(SmsSender, AMessageLongerThanTheRateDoesNotHoldUpTheRest) {
  Shop shop{{}, 1};
  shop.customer();
  auto long_one = event("o1");
  long_one.tracking_url = "https://shop.example/" + std::string(200, 'x');
  const auto first = shop.accepted(long_one);
  ASSERT_GT(shop.details(first).notification.content.segments, 1);
  shop.clock.advance(1ms);
  const auto second = shop.accepted(event("o2"));
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(shop.sender.send_due());
    shop.clock.advance(100ms);
  }
  EXPECT_EQ(shop.state(first), State::sms_sent);
  EXPECT_EQ(shop.state(second), State::sms_sent);
}

TEST(SmsSender, TestModeNeverReachesTheLiveCarrier) {
  Shop shop;
  shop.customer();
  shop.accepted(event("o1"), domain::Mode::test);
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_TRUE(shop.carrier.submitted().empty());
  EXPECT_EQ(shop.test_carrier.submitted().size(), 1U);
}

TEST(SmsSender, AMessageThatWasNotBegunGoesNextAndTheBreakerStaysClosed) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.carrier.answer_next(ports::SmsNotBegun{});
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.state(id), State::accepted);
  EXPECT_EQ(shop.pipeline.sms.breaker_code(), "");
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.state(id), State::sms_sent);
  EXPECT_EQ(shop.carrier.submitted().size(), 2U);
}

TEST(SmsSender, TestModeDoesNotTouchTheLiveLane) {
  Shop shop;
  shop.customer();
  shop.accepted(event("o1"));
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::server, "connect"});
  ASSERT_TRUE(shop.sender.send_due());
  shop.clock.advance(10min);
  shop.accepted(event("o2"), domain::Mode::test);
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::server, "connect"});
  while (shop.test_carrier.submitted().empty()) {
    ASSERT_TRUE(shop.sender.send_due());
    shop.clock.advance(1min);
  }
  EXPECT_EQ(shop.pipeline.sms.breaker_code(), "connect")
      << "the simulator's success is not the carrier's";
  shop.accepted(event("o3"), domain::Mode::test);
  shop.test_carrier.answer_next(ports::SmsFailed{domain::Fault::account, "no_quota"});
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(shop.sender.send_due());
    shop.clock.advance(1min);
  }
  EXPECT_EQ(shop.pipeline.sms.breaker_code(), "");
}

TEST(SmsSender, AnOptOutFromTheCarrierIsStoredThoughTheDiskWasFull) {
  Shop shop;
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::opted_out, "stop"});
  shop.carrier.while_submitting([&](const ports::Sms&) {
    shop.world.write_failure = domain::Error{domain::ErrorKind::storage_full, "full"};
  });
  EXPECT_FALSE(shop.sender.send_due());
  shop.world.write_failure.reset();
  ASSERT_TRUE(shop.pipeline.sms.flush());
  const std::string number = "+4915112345678";
  EXPECT_TRUE(shop.customers.opted_out({&number, 1})->front());
  EXPECT_EQ(shop.state(id), State::email_due);
}

TEST(SmsSender, ASpentLimitIsReported) {
  domain::Policy poor;
  poor.limits.monthly = domain::Money{1};
  Shop shop{poor};
  shop.customer();
  for (int i = 0; i < 3; ++i) shop.accepted(event("o" + std::to_string(i)));
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.telemetry.counted(ports::Counter::sms_over_limit), 3);
  EXPECT_TRUE(shop.telemetry.logged("monthly_limit_reached"));
}

}  // namespace
}  // namespace postrider::pipeline::testing
