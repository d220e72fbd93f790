#include <algorithm>
#include <atomic>
#include <future>

#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

/// A shop whose customers can be reached by e-mail alone, with `mails` of them due.
struct MailShop : Shop {
  explicit MailShop(int mails, domain::Policy p = {}) : Shop{p} {
    for (int i = 0; i < mails; ++i) {
      const auto name = "c" + std::to_string(i);
      customer(name, "", name + "@example.com");
      ids.push_back(accepted(event("o" + std::to_string(i), "confirmed", name)));
    }
  }
  int in(State wanted) {
    return static_cast<int>(
        std::count_if(ids.begin(), ids.end(), [&](const auto& id) { return state(id) == wanted; }));
  }
  std::vector<domain::NotificationId> ids;
};

TEST(EmailFallback, ARecipientThatRefusesForNowIsWaitedForADayAndThenADeadLetter) {
  MailShop shop{1};
  for (int i = 0; i < 2'000; ++i)
    shop.mailer.answer_next(ports::MailFailed{domain::Fault::passing, "smtp_450"});
  const auto begin = shop.clock.now();
  auto last = begin;
  std::size_t tries = 0;
  while (shop.state(shop.ids[0]) != State::dead && shop.clock.now() < begin + 48h) {
    ASSERT_TRUE(shop.fallback.send_due());
    if (shop.mailer.sent().size() > tries) {
      tries = shop.mailer.sent().size();
      EXPECT_LE(shop.clock.now() - last, 30min + 5s);
      last = shop.clock.now();
    }
    shop.clock.advance(5s);
  }
  EXPECT_EQ(shop.state(shop.ids[0]), State::dead);
  EXPECT_GE(last - begin, 24h);
  EXPECT_LT(last - begin, 25h);
  EXPECT_EQ(shop.fallback.breaker_code(), "") << "the server is well";
}

TEST(EmailFallback, AnOutageInTheMiddleTakesNothingOfTheDay) {
  MailShop shop{1};
  shop.mailer.answer_next(ports::MailFailed{domain::Fault::passing, "smtp_450"});
  for (int i = 0; i < 5'000; ++i)
    shop.mailer.answer_next(ports::MailFailed{domain::Fault::server, "connect_failed"});
  for (const auto end = shop.clock.now() + 72h; shop.clock.now() < end; shop.clock.advance(1min))
    ASSERT_TRUE(shop.fallback.send_due());
  shop.mailer.forget_script();
  shop.mailer.answer_next(ports::MailFailed{domain::Fault::passing, "smtp_450"});
  for (const auto end = shop.clock.now() + 2h; shop.clock.now() < end; shop.clock.advance(1min))
    ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(shop.ids[0]), State::emailed);
}

TEST(EmailFallback, AWorkerThatDiedLetsTheMailBeSentAgain) {
  Shop shop;
  shop.customer("c1", "", "c1@example.com");
  const auto id = shop.accepted(event("o1"));
  ASSERT_TRUE(shop.store.claim_email({&id, 1}, {shop.clock.now(), 1min, {}}));
  shop.clock.advance(10min);
  ASSERT_TRUE(shop.sweeper.sweep());
  shop.clock.advance(1h);
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(id), State::emailed);
}

TEST(EmailFallback, AServerThatIsDownForDaysUsesNoTryAndLosesNothing) {
  MailShop shop{20};
  for (int i = 0; i < 2'000; ++i)
    shop.mailer.answer_next(ports::MailFailed{domain::Fault::server, "connect_failed"});
  const auto back = shop.clock.now() + 48h;
  while (shop.clock.now() < back) {
    ASSERT_TRUE(shop.fallback.send_due());
    ASSERT_TRUE(shop.sweeper.sweep());
    shop.clock.advance(5s);
  }
  EXPECT_EQ(shop.in(State::email_due), 20);
  EXPECT_EQ(shop.fallback.breaker_code(), "connect_failed");
  const auto tried = shop.mailer.sent().size();
  EXPECT_LT(tried, 20U + 2 * 48 * 12 + 20) << "one probe each five minutes after the first batch";
  shop.mailer.forget_script();
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(shop.fallback.send_due());
    shop.clock.advance(5s);
  }
  EXPECT_EQ(shop.in(State::emailed), 20);
  EXPECT_EQ(shop.fallback.breaker_code(), "");
  for (const auto& id : shop.ids) EXPECT_EQ(shop.details(id).attempts.size(), 1U);
}

TEST(EmailFallback, ASlowServerGetsEachMailOnce) {
  domain::Policy hurried;
  hurried.email_lease = 20s;
  MailShop shop{50, hurried};
  shop.mailer.take(shop.clock, 2s);
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(shop.fallback.send_due());
    ASSERT_TRUE(shop.sweeper.sweep());
    shop.clock.advance(10ms);
  }
  EXPECT_EQ(shop.in(State::emailed), 50);
  EXPECT_EQ(shop.mailer.sent().size(), 50U);
  for (const auto& id : shop.ids) EXPECT_EQ(shop.details(id).attempts.size(), 1U);
}

TEST(EmailFallback, AMailThatTookLongerThanItsLeaseIsNotSentAgain) {
  domain::Policy hurried;
  hurried.email_lease = 20s;
  MailShop shop{1, hurried};
  shop.mailer.take(shop.clock, 30s);
  shop.mailer.while_sending([&] { ASSERT_TRUE(shop.sweeper.sweep()); });
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(shop.ids[0]), State::emailed);
  shop.clock.advance(1h);
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.mailer.sent().size(), 1U);
}

/// A server whose answer to one mail comes when a test says so.
class WaitingMailer : public doubles::FakeMailer {
 public:
  bool may_wait() const override { return true; }
  std::vector<ports::MailOutcome> send_or_wait(std::span<const message::Email> batch,
                                               domain::TimePoint until,
                                               const Waits& waits) override {
    if (waits_at_.exchange(false) == false) return send(batch, until);
    auto outcomes = send(batch.first(1), until);
    waits(outcomes);
    answer_.get_future().wait();
    outcomes.push_back(ports::MailAccepted{"late"});
    outcomes.resize(batch.size(), ports::MailNotBegun{});
    return outcomes;
  }
  void stop() override { answer(); }
  void answer() {
    if (!answered_.exchange(true)) answer_.set_value();
  }

 private:
  std::atomic<bool> waits_at_{true}, answered_{false};
  std::promise<void> answer_;
};

/// The fallback over a waiting mailer, with the rest of a shop.
struct WaitingShop : MailShop {
  WaitingShop() : MailShop{4} {}
  WaitingMailer waiting;
  EmailFallback carrying{{store, query, customers, waiting, test_mailer, queue, clock, telemetry},
                         pipeline.settler,
                         {"Shop <orders@example.com>", "", "Shop"},
                         policy,
                         50};
  Sweeper sweeping{{store, query, inbox, allowance, clock, telemetry},
                   pipeline.settler,
                   tracker,
                   policy,
                   [this](const auto& id) { return carrying.carries(id); }};
};

TEST(EmailFallback, AMailThatWaitsForItsAnswerHoldsUpNoOtherAndIsNotSentAgain) {
  WaitingShop shop;
  ASSERT_TRUE(shop.carrying.send_due());
  EXPECT_EQ(shop.in(State::emailed), 1);
  EXPECT_EQ(shop.in(State::sending_email), 1) << "the one that waits";
  EXPECT_EQ(shop.in(State::email_due), 2) << "given back at once";
  ASSERT_TRUE(shop.carrying.send_due());
  EXPECT_EQ(shop.in(State::emailed), 3);
  shop.clock.advance(9min);
  ASSERT_TRUE(shop.sweeping.sweep());
  EXPECT_EQ(shop.in(State::sending_email), 1) << "its lease is over, but not its worker";
  shop.waiting.answer();
  shop.carrying.wait_until_ended();
  EXPECT_EQ(shop.in(State::emailed), 4);
  EXPECT_EQ(shop.waiting.sent().size(), 3U) << "and the one that waited";
  for (const auto& id : shop.ids) {
    EXPECT_FALSE(shop.carrying.carries(id));
    EXPECT_EQ(shop.details(id).attempts.size(), 1U);
  }
}

TEST(EmailFallback, AStopEndsTheWaitsAndWritesTheirOutcomes) {
  WaitingShop shop;
  ASSERT_TRUE(shop.carrying.send_due());
  shop.carrying.stop();
  shop.carrying.wait_until_ended();
  EXPECT_EQ(shop.in(State::sending_email), 0);
}

TEST(EmailFallback, AStalledSimulatorOfTestModeDoesNotTripTheBreaker) {
  Shop shop;
  shop.customer("c1", "", "c1@example.com");
  shop.accepted(event("o1"), domain::Mode::test);
  const auto live = shop.accepted(event("o2"));
  shop.test_mailer.answer_next(ports::MailFailed{domain::Fault::server, "outbox_not_written"});
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.fallback.breaker_code(), "");
  EXPECT_EQ(shop.state(live), State::emailed);
}

TEST(EmailFallback, ConsentThatWasWithdrawnMeanwhileIsKept) {
  Shop shop;
  shop.customer();
  const auto by_sms = shop.accepted(event("o1"));
  const auto by_mail = shop.accepted(event("o2"));
  shop.consent(false);
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_TRUE(shop.carrier.submitted().empty());
  EXPECT_EQ(shop.details(by_sms).notification.reason, "sms_not_wanted");
  shop.consent({}, false);
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_TRUE(shop.mailer.sent().empty());
  EXPECT_EQ(shop.details(by_mail).notification.reason, "email_not_wanted");
}

}  // namespace
}  // namespace postrider::pipeline::testing
