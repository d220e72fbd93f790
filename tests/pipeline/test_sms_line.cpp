#include <gtest/gtest.h>

#include "pipeline/shop.hpp"

namespace postrider::pipeline {
namespace {

using namespace std::chrono_literals;
using domain::Fault;
using domain::State;
using ports::SmsFailed;
using testing::event;
using testing::Shop;

constexpr auto quarter = domain::CircuitBreaker::account_wait;

/// A shop with a backlog, and a carrier that takes as many at once as it is asked to.
struct LineShop : Shop {
  explicit LineShop(domain::Policy used = {}) : Shop{without_throttle(used)} { customer(); }

  std::vector<domain::NotificationId> backlog(int count) {
    std::vector<domain::NotificationId> ids;
    for (int i = 0; i < count; ++i)
      ids.push_back(accepted(event("o" + std::to_string(++orders_)), domain::Mode::live));
    return ids;
  }
  void all_answer(const SmsFailed& end, int count = 1'000) {
    for (int i = 0; i < count; ++i) carrier.answer_next(end);
  }
  /// Sends what is due for `time`, a round each second.
  void run(domain::Milliseconds time) {
    for (const auto end = clock.now() + time; clock.now() < end; clock.advance(1s))
      ASSERT_TRUE(sender.send_due());
  }
  std::size_t on_the_wire() const { return carrier.submitted().size(); }
  int in(State state) { return static_cast<int>((*query.counts())[state]); }

 private:
  static domain::Policy without_throttle(domain::Policy used) {
    used.throttle_per_hour = 0;
    return used;
  }
  int orders_ = 0;
};

TEST(SmsLine, AWallOfUnknownEndsClosesIt) {
  LineShop shop;
  shop.carrier.set_width(4);
  shop.backlog(300);
  shop.all_answer({Fault::unknown, "http_503"});
  shop.run(17min);
  EXPECT_LE(shop.on_the_wire(), 4U + 5U + 13U) << "0.5, 1, 2 … 300 s between probes";
  EXPECT_EQ(shop.pipeline.sms.breaker_code(), "http_503");
  EXPECT_EQ(shop.in(State::accepted), 300 - static_cast<int>(shop.on_the_wire()));
}

TEST(SmsLine, OpensWithTheFirstDefiniteAnswer) {
  LineShop shop;
  shop.carrier.set_width(1);
  shop.backlog(20);
  shop.all_answer({Fault::unknown, "timeout"}, 5);
  shop.run(1min);
  EXPECT_EQ(shop.on_the_wire(), 20U) << "each once";
  EXPECT_EQ(shop.in(State::sms_sent), 15);
  EXPECT_EQ(shop.pipeline.sms.breaker_code(), "");
}

TEST(SmsLine, UnknownEndsThatAreNoRunCloseNothing) {
  LineShop shop;
  shop.carrier.set_width(1);
  shop.backlog(40);
  for (int i = 0; i < 10; ++i) {
    shop.all_answer({Fault::unknown, "timeout"}, 3);
    shop.carrier.answer_next(SmsFailed{Fault::message, "bad_number"});
  }
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.on_the_wire(), 40U) << "no wait in between";
}

TEST(SmsLine, OneUnknownEndClosesItWhereTheCarrierAsksForAWait) {
  LineShop shop;
  shop.carrier.set_width(1);
  shop.backlog(3);
  shop.carrier.answer_next(SmsFailed{Fault::unknown, "http_503", 20min});
  ASSERT_TRUE(shop.sender.send_due());
  shop.run(19min);
  EXPECT_EQ(shop.on_the_wire(), 1U);
  shop.run(2min);
  EXPECT_EQ(shop.on_the_wire(), 3U);
}

TEST(SmsLine, AProbeShakesHandsBeforeItSpendsAMessage) {
  LineShop shop;
  shop.carrier.set_width(1);
  shop.backlog(20);
  shop.all_answer({Fault::unknown, "connection_lost"}, 5);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(shop.sender.send_due());
  shop.carrier.set_reach("connect_failed");
  shop.run(30min);
  EXPECT_EQ(shop.on_the_wire(), 5U) << "half an hour of outage costs no more";
  shop.carrier.set_reach("");
  shop.run(1min);
  EXPECT_EQ(shop.on_the_wire(), 20U) << "a handshake costs nothing and is tried each 30 s";
}

TEST(SmsLine, ACountrysFaultHoldsThatCountryAlone) {
  LineShop shop;
  shop.customer("us", "+12025550123");
  std::vector<domain::NotificationId> there;
  for (int i = 0; i < 3; ++i)
    there.push_back(shop.accepted(event("us" + std::to_string(i), "confirmed", "us")));
  shop.carrier.answer_next(SmsFailed{Fault::country, "no_origination_identities_found"});
  shop.carrier.set_width(1);
  shop.run(5s);
  const auto here = shop.backlog(10);
  shop.run(1min);
  for (const auto& id : here) EXPECT_EQ(shop.state(id), State::sms_sent);
  EXPECT_EQ(shop.on_the_wire(), 11U);
  EXPECT_EQ(shop.pipeline.sms.breaker_code(), "");
  EXPECT_EQ(shop.telemetry.counted(ports::Counter::account_problems), 1);
  for (const auto& id : there) {
    EXPECT_EQ(shop.state(id), State::accepted);
    EXPECT_EQ(shop.details(id).notification.sms_tries, 0);
  }
  shop.carrier.answer_next(SmsFailed{Fault::country, "no_origination_identities_found"});
  shop.run(quarter);
  EXPECT_EQ(shop.on_the_wire(), 12U) << "one probe each quarter of an hour";
  shop.run(quarter + 1min);
  for (const auto& id : there) EXPECT_EQ(shop.state(id), State::sms_sent);
}

TEST(SmsLine, AHeldCountryLeavesItsMessagesTimeForTheEMail) {
  domain::Policy policy;
  policy.sms_not_after = 1h;
  LineShop shop{policy};
  const auto ids = shop.backlog(2);
  shop.all_answer({Fault::sender, "sender_id_not_registered"});
  for (int minute = 0; minute < 90; ++minute) {
    ASSERT_TRUE(shop.sender.send_due());
    ASSERT_TRUE(shop.fallback.send_due());
    ASSERT_TRUE(shop.sweeper.sweep());
    shop.clock.advance(1min);
  }
  for (const auto& id : ids) EXPECT_EQ(shop.state(id), State::emailed);
  EXPECT_EQ(shop.budget().reserved, domain::Money{});
}

TEST(SmsLine, AReceiptThatBlamesTheAccountHoldsItUntilAReceiptProvesItOpen) {
  LineShop shop;
  shop.carrier.set_width(1);
  shop.backlog(1);
  shop.run(1s);
  shop.receive(domain::ReceiptOutcome::account);
  EXPECT_FALSE(shop.pipeline.sms.breaker_code().empty());
  shop.backlog(10);
  shop.run(quarter - 1s);
  EXPECT_EQ(shop.on_the_wire(), 1U);
  shop.run(10min);
  EXPECT_EQ(shop.on_the_wire(), 2U) << "the carrier takes the probe, which proves nothing";
  shop.receive(domain::ReceiptOutcome::account, "fake-2");
  shop.run(quarter + 1s);
  EXPECT_EQ(shop.on_the_wire(), 3U);
  shop.receive(domain::ReceiptOutcome::delivered, "fake-3");
  shop.run(1min);
  EXPECT_EQ(shop.on_the_wire(), 11U);
  EXPECT_EQ(shop.pipeline.sms.breaker_code(), "");
}

TEST(SmsLine, AnyReceiptButOfTheAccountProvesItOpen) {
  LineShop shop;
  shop.backlog(1);
  shop.run(1s);
  shop.receive(domain::ReceiptOutcome::account);
  shop.backlog(5);
  shop.run(quarter + 1min);
  ASSERT_EQ(shop.on_the_wire(), 2U);
  shop.receive(domain::ReceiptOutcome::failed_permanent, "fake-2");
  shop.run(10s);
  EXPECT_EQ(shop.on_the_wire(), 6U);
}

TEST(SmsLine, AProbeIsSpentOnlyWhenAByteGoesOut) {
  LineShop shop;
  shop.carrier.set_width(1);
  shop.backlog(1);
  shop.run(1s);
  shop.receive(domain::ReceiptOutcome::account);
  shop.backlog(2);
  shop.clock.advance(1s);
  shop.customer("gone", "+4915112345999");
  const ports::OptOut number{"+4915112345999", "operator", shop.clock.now()};
  const auto gone = shop.accepted(event("gone", "confirmed", "gone"));
  ASSERT_TRUE(shop.customers.opt_out({&number, 1}));
  shop.clock.advance(quarter);
  shop.run(3s);
  EXPECT_EQ(shop.state(gone), State::email_due);
  EXPECT_EQ(shop.on_the_wire(), 2U) << "the next one probes";
}

TEST(SmsLine, AnAnswerThatBlamesTheAccountIsOutdatedByTheNextAnswer) {
  LineShop shop;
  shop.backlog(5);
  shop.carrier.set_width(1);
  shop.carrier.answer_next(SmsFailed{Fault::account, "no_credit"});
  shop.run(quarter - 2s);
  EXPECT_EQ(shop.on_the_wire(), 1U);
  shop.run(1min);
  EXPECT_EQ(shop.on_the_wire(), 6U);
}

}  // namespace
}  // namespace postrider::pipeline
