// One bad item stops nobody: a step, a notification or a change that fails, beside others.
#include <set>

#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

/// A shop in which each step of the sweeper has something to do.
class EachStepOfTheSweeper : public ::testing::TestWithParam<const char*> {
 protected:
  EachStepOfTheSweeper() {
    shop_.customer();
    expired_ = shop_.accepted(event("expired"));
    sent(expired_);
    shop_.receive(domain::ReceiptOutcome::delivered);
    shop_.clock.advance(20 * 24h);
    keep_receipt("nobody");
    shop_.clock.advance(10 * 24h);
    late_ = shop_.accepted(event("late"));
    shop_.clock.advance(13h);
    mailing_ = shop_.accepted(event("mailing"));
    set(mailing_, State::email_due);
    EXPECT_TRUE(shop_.store.claim_email({&mailing_, 1}, {shop_.clock.now(), 1min}));
    claimed_ = shop_.accepted(event("claimed"));
    EXPECT_TRUE(shop_.store.claim_sms({&claimed_, 1}, {shop_.clock.now(), 1min, {}}));
    silent_ = shop_.accepted(event("silent"));
    set(silent_, State::sms_sent);
    unknown_ = shop_.accepted(event("unknown"));
    set(unknown_, State::unknown);
    deferred_ = shop_.accepted(event("deferred"));
    set(deferred_, State::deferred);
    caught_up_ = shop_.accepted(event("caught_up"));
    sent(caught_up_);
    shop_.clock.advance(2h);
    keep_receipt(shop_.details(caught_up_).attempts.front().submission.message_id);
  }

  /// Sends the SMS of `id` alone.
  void sent(const domain::NotificationId& id) {
    std::vector<domain::NotificationId> failed;
    auto claimed = shop_.pipeline.sms.claim({&id, 1}, failed);
    ASSERT_TRUE(claimed);
    ASSERT_TRUE(shop_.pipeline.sms.submit(std::move(*claimed)));
    ASSERT_EQ(shop_.state(id), State::sms_sent);
  }
  void set(const domain::NotificationId& id, State state) {
    const concurrency::Lock lock{shop_.world.mutex};
    shop_.world.rows.at(id).notification.state = state;
  }
  void keep_receipt(const std::string& message_id) {
    domain::Receipt r;
    r.carrier = "fake";
    r.message_id = message_id;
    r.outcome = domain::ReceiptOutcome::delivered;
    r.proof = domain::Proof::handset;
    r.at = shop_.clock.now();
    ASSERT_TRUE(shop_.inbox.keep({&r, 1}, shop_.clock.now()));
  }
  void fail(std::string call) {
    const concurrency::Lock lock{shop_.world.mutex};
    shop_.world.failing_call = std::move(call);
  }
  std::size_t kept_receipts() {
    const concurrency::Lock lock{shop_.world.mutex};
    return shop_.world.inbox.size();
  }
  /// The steps that have nothing left to do.
  std::set<std::string> done() {
    std::set<std::string> steps;
    if (shop_.state(deferred_) != State::deferred) steps.insert("due deferred");
    if (shop_.state(claimed_) != State::sending_sms) steps.insert("due sending_sms");
    if (shop_.state(mailing_) == State::email_due) steps.insert("due sending_email");
    if (shop_.state(late_) == State::email_due) steps.insert("due accepted");
    if (shop_.state(silent_) == State::email_due) steps.insert("due sms_sent");
    if (shop_.state(unknown_) == State::email_due) steps.insert("due unknown");
    if (shop_.state(caught_up_) == State::delivered) steps.insert("matched receipts");
    if (!*shop_.query.details(expired_)) steps.insert("expire");
    const std::size_t unmatched = shop_.state(caught_up_) == State::delivered ? 0 : 1;
    if (kept_receipts() == unmatched) steps.insert("expire receipts");
    return steps;
  }

  Shop shop_;
  domain::NotificationId expired_, late_, mailing_, claimed_, silent_, unknown_, deferred_,
      caught_up_;
};

constexpr std::array all_steps{"due deferred", "due sending_sms",  "due sending_email",
                               "due accepted", "due sms_sent",     "due unknown",
                               "expire",       "matched receipts", "expire receipts"};
const std::set<std::string> every_step{all_steps.begin(), all_steps.end()};

TEST_P(EachStepOfTheSweeper, FailsAloneAndIsMadeUpFor) {
  ASSERT_TRUE(done().empty());
  fail(GetParam());
  const auto swept = shop_.sweeper.sweep();
  ASSERT_FALSE(swept);
  EXPECT_EQ(swept.error().what, GetParam()) << "somebody has to hear of it";
  EXPECT_TRUE(shop_.telemetry.logged("sweep_failed"));
  auto others = every_step;
  others.erase(GetParam());
  EXPECT_EQ(done(), others);
  fail({});
  ASSERT_TRUE(shop_.sweeper.sweep());
  EXPECT_EQ(done(), every_step);
}
INSTANTIATE_TEST_SUITE_P(Each, EachStepOfTheSweeper, ::testing::ValuesIn(all_steps));

/// A shop of three notifications, the second of which can't be written while a test says so.
class OneUnwritable : public ::testing::Test {
 protected:
  OneUnwritable() {
    for (int i = 0; i < 3; ++i) {
      const auto name = std::to_string(i);
      shop_.customer("c" + name, "+491511234567" + name);
      ids_.push_back(shop_.accepted(event("o" + name, "confirmed", "c" + name)));
    }
  }
  void block(bool blocked = true) {
    const concurrency::Lock lock{shop_.world.mutex};
    shop_.world.unwritable.clear();
    if (blocked) shop_.world.unwritable.insert(ids_[1]);
  }
  std::vector<State> states() {
    std::vector<State> all;
    for (const auto& id : ids_) all.push_back(shop_.state(id));
    return all;
  }
  std::vector<ports::WorkQueue::Item> items(domain::Channel channel) {
    std::vector<ports::WorkQueue::Item> all;
    for (const auto& id : ids_) {
      auto& item = all.emplace_back();
      item.id = id;
      item.channel = channel;
    }
    return all;
  }

  Shop shop_;
  std::vector<domain::NotificationId> ids_;
};

TEST_F(OneUnwritable, IsNamedByTheSenderAndTheOthersAreSent) {
  block();
  const auto round = shop_.pipeline.queued_sms.send(items(domain::Channel::sms));
  ASSERT_TRUE(round);
  EXPECT_EQ(round->failed, std::vector{ids_[1]});
  EXPECT_EQ(states(), (std::vector{State::sms_sent, State::accepted, State::sms_sent}));
  EXPECT_EQ(shop_.carrier.submitted().size(), 2U);
}

TEST_F(OneUnwritable, IsNamedWhereItIsRuledOut) {
  const ports::OptOut no{"+4915112345671", "api", shop_.clock.now()};
  ASSERT_TRUE(shop_.customers.opt_out({&no, 1}));
  block();
  const auto round = shop_.pipeline.queued_sms.send(items(domain::Channel::sms));
  ASSERT_TRUE(round);
  EXPECT_EQ(round->failed, std::vector{ids_[1]});
  EXPECT_EQ(states(), (std::vector{State::sms_sent, State::accepted, State::sms_sent}));
}

TEST_F(OneUnwritable, OutcomeIsTriedAgainUntilItsLeaseEndsAndNeverSentTwice) {
  shop_.carrier.while_submitting([&](const ports::Sms&) { block(); });
  ASSERT_TRUE(shop_.pipeline.queued_sms.send(items(domain::Channel::sms)));
  EXPECT_EQ(states(), (std::vector{State::sms_sent, State::sending_sms, State::sms_sent}));
  block(false);
  ASSERT_TRUE(shop_.pipeline.queued_sms.send({}));
  EXPECT_EQ(shop_.state(ids_[1]), State::sms_sent);
  EXPECT_EQ(shop_.carrier.submitted().size(), 3U);
}

TEST_F(OneUnwritable, OutcomeIsGivenUpAtTheEndOfItsLeaseAndTheClaimBecomesUnknown) {
  shop_.carrier.while_submitting([&](const ports::Sms&) { block(); });
  ASSERT_TRUE(shop_.sender.send_due());
  EXPECT_EQ(shop_.pipeline.sms.under_way(), 1);
  shop_.clock.advance(2min);
  ASSERT_TRUE(shop_.sender.send_due());
  EXPECT_EQ(shop_.pipeline.sms.under_way(), 0) << "its place is free again";
  block(false);
  ASSERT_TRUE(shop_.sweeper.sweep());
  EXPECT_EQ(shop_.state(ids_[1]), State::unknown);
  ASSERT_TRUE(shop_.sender.send_due());
  EXPECT_EQ(shop_.carrier.submitted().size(), 3U);
}

TEST_F(OneUnwritable, IsNamedByTheFallbackAndTheOthersAreMailed) {
  ASSERT_TRUE(shop_.sender.send_due());
  shop_.clock.advance(16min);
  ASSERT_TRUE(shop_.sweeper.sweep());
  block();
  const auto round = shop_.fallback.send(items(domain::Channel::email));
  ASSERT_TRUE(round);
  EXPECT_EQ(round->failed, std::vector{ids_[1]});
  EXPECT_EQ(states(), (std::vector{State::emailed, State::email_due, State::emailed}));
}

TEST_F(OneUnwritable, IsSweptLaterAndTheOthersNow) {
  ASSERT_TRUE(shop_.sender.send_due());
  shop_.clock.advance(16min);
  block();
  const auto swept = shop_.sweeper.sweep();
  ASSERT_TRUE(swept);
  EXPECT_EQ(swept->overdue, 2);
  EXPECT_EQ(states(), (std::vector{State::email_due, State::sms_sent, State::email_due}));
  block(false);
  ASSERT_TRUE(shop_.sweeper.sweep());
  EXPECT_EQ(shop_.state(ids_[1]), State::email_due);
}

TEST_F(OneUnwritable, ReceiptIsKeptUntilItCanBeWritten) {
  ASSERT_TRUE(shop_.sender.send_due());
  block();
  std::vector<domain::Receipt> receipts;
  for (const auto& id : ids_) {
    domain::Receipt r;
    r.carrier = "fake";
    r.message_id = shop_.details(id).attempts.front().submission.message_id;
    r.outcome = domain::ReceiptOutcome::delivered;
    r.at = shop_.clock.now();
    receipts.push_back(std::move(r));
  }
  const auto tracked = shop_.tracker.apply(receipts);
  ASSERT_TRUE(tracked);
  EXPECT_EQ(tracked->applied, 2);
  EXPECT_EQ(tracked->kept, 1);
  EXPECT_EQ(states(), (std::vector{State::delivered, State::sms_sent, State::delivered}));
  block(false);
  ASSERT_TRUE(shop_.sweeper.sweep());
  EXPECT_EQ(shop_.state(ids_[1]), State::delivered);
}

TEST_F(OneUnwritable, DeadLetterIsAnErrorToItsOperator) {
  {
    const concurrency::Lock lock{shop_.world.mutex};
    shop_.world.rows.at(ids_[1]).notification.state = State::dead;
  }
  block();
  EXPECT_FALSE(shop_.dead_letters.discard(ids_[1], "local"));
}

}  // namespace
}  // namespace postrider::pipeline::testing
