// What each fault costs a mail: tries, time, and what becomes of the others. That each answer of a
// server has its fault is in tests/adapters.
#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

using domain::Fault;

/// A shop with one mail due, which meets `fault`; another one is due behind it.
struct MeetingFault : Shop {
  explicit MeetingFault(Fault fault) {
    for (const auto* name : {"first", "second"}) {
      customer(name, "", std::string{name} + "@example.com");
      ids.push_back(accepted(event(name, "confirmed", name)));
      clock.advance(1ms);
    }
    first = store.load({&ids[0], 1})->front()->id;
    mailer.answer_next(ports::MailFailed{fault, "code"});
    ports::WorkQueue::Item item{};
    item.id = first;
    item.channel = domain::Channel::email;
    EXPECT_TRUE(fallback.send({&item, 1}));
  }
  const domain::Notification n() { return details(first).notification; }
  std::vector<domain::NotificationId> ids;
  domain::NotificationId first;
};

TEST(MailFaults, EachCostsWhatTheTableSays) {
  for (const auto& effect : domain::fault_effects()) {
    SCOPED_TRACE(std::string{effect.name});
    MeetingFault shop{effect.fault};
    const auto n = shop.n();
    const bool passing = effect.fault == Fault::passing, unknown = effect.fault == Fault::unknown;
    const bool ends = effect.of_message && !passing;
    EXPECT_EQ(n.state, ends ? State::dead : State::email_due);
    EXPECT_EQ(n.email_tries, effect.of_message ? 1 : 0) << "only the mail's own fault is a try";
    EXPECT_EQ(n.mail_waited > domain::Milliseconds{0}, passing);
    EXPECT_EQ(n.mail_submitted, unknown);
    // A definite refusal by the server leaves no attempt behind; its number is used again.
    EXPECT_EQ(n.attempts, effect.of_message || unknown ? 1 : 0);
    EXPECT_EQ(shop.fallback.breaker_code().empty(), effect.of_message) << "the line";
    if (!ends) {
      EXPECT_LE(*n.due_at, shop.clock.now() + 30s) << "the first wait";
    }
    const bool ours = effect.fault == Fault::account || effect.fault == Fault::sender;
    EXPECT_EQ(shop.telemetry.counted(ports::Counter::account_problems), ours ? 1 : 0);
    EXPECT_EQ(shop.telemetry.counted(ports::Counter::mail_unreachable), effect.of_message ? 0 : 1);
    // The other mail goes at once where the server is well, else after the first probe.
    if (!effect.of_message) {
      EXPECT_EQ(shop.fallback.send_due()->handled, 0);
      shop.clock.advance(500ms);
    }
    ASSERT_TRUE(shop.fallback.send_due());
    EXPECT_EQ(shop.state(shop.ids[1]), State::emailed);
    EXPECT_EQ(shop.fallback.breaker_code(), "");
    for (int i = 0; i < 60 && !ends; ++i) {
      shop.clock.advance(1min);
      ASSERT_TRUE(shop.fallback.send_due());
    }
    EXPECT_EQ(shop.n().state, ends ? State::dead : State::emailed);
  }
}

TEST(MailFaults, NothingIsADeadLetterBecauseOfAServerHoweverLong) {
  for (const auto& effect : domain::fault_effects()) {
    if (effect.of_message) continue;
    SCOPED_TRACE(std::string{effect.name});
    MeetingFault shop{effect.fault};
    for (int i = 0; i < 2'000; ++i)
      shop.mailer.answer_next(ports::MailFailed{effect.fault, "code"});
    for (const auto end = shop.clock.now() + 72h; shop.clock.now() < end; shop.clock.advance(2min))
      ASSERT_TRUE(shop.fallback.send_due());
    for (const auto& id : shop.ids) EXPECT_EQ(shop.state(id), State::email_due);
    EXPECT_LT(shop.mailer.sent().size(), 72U * 12 + 50) << "a probe each five minutes";
    EXPECT_GT(shop.mailer.sent().size(), 72U * 4);
    shop.mailer.forget_script();
    for (int i = 0; i < 60; ++i) {
      shop.clock.advance(1min);
      ASSERT_TRUE(shop.fallback.send_due());
    }
    for (const auto& id : shop.ids) EXPECT_EQ(shop.state(id), State::emailed);
  }
}

domain::Receipt bounce(domain::ReceiptOutcome outcome, const std::string& message_id) {
  domain::Receipt r;
  r.carrier = "fake-mail";
  r.message_id = message_id;
  r.outcome = outcome;
  r.detail = "why";
  return r;
}

TEST(MailFaults, ABounceIsADeadLetterAndOnlyAHardOneBlocksTheAddress) {
  for (const bool hard : {true, false}) {
    SCOPED_TRACE(hard);
    Shop shop;
    shop.customer("c1", "", "c1@example.com");
    const auto id = shop.accepted(event("o1"));
    ASSERT_TRUE(shop.fallback.send_due());
    const auto receipt = bounce(
        hard ? domain::ReceiptOutcome::failed_permanent : domain::ReceiptOutcome::failed_temporary,
        shop.mailer.message_id(1));
    for (int twice = 0; twice < 2; ++twice) ASSERT_TRUE(shop.tracker.apply({&receipt, 1}));
    EXPECT_EQ(shop.state(id), State::bounced);
    EXPECT_EQ(shop.details(id).notification.reason, "bounced:why");
    EXPECT_EQ(shop.telemetry.counted(ports::Counter::dead_letters), 1);
    const auto next = shop.accepted(event("o2"));
    ASSERT_TRUE(shop.fallback.send_due());
    EXPECT_EQ(shop.state(next), hard ? State::dead : State::emailed);
    EXPECT_EQ(std::get<State>(*shop.dead_letters.replay(id, "local")), State::email_due);
    ASSERT_TRUE(shop.fallback.send_due());
    EXPECT_EQ(shop.state(id), State::emailed) << "an operator says that the address works";
  }
}

}  // namespace
}  // namespace postrider::pipeline::testing
