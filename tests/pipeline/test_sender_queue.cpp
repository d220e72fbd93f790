// The sender and the e-mail fallback behind a queue, as on AWS.
#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

using Item = ports::WorkQueue::Item;
using ::testing::Each;

struct QueueShop : Shop {
  explicit QueueShop(int parts_per_second = 0) : Shop({}, parts_per_second) {
    for (int i = 0; i < 10; ++i) customer("c" + std::to_string(i));
  }
  /// The queue's items of `count` new orders; nothing else is in the queue then.
  std::vector<Item> orders_in(int count) {
    for (int i = 0; i < count; ++i)
      accepted(event("o" + std::to_string(i), "confirmed", "c" + std::to_string(i)));
    auto items = queue.offered();
    queue.clear();
    return items;
  }
  int in(State wanted) { return static_cast<int>((*query.counts())[wanted]); }

  /// Another process: with a line of its own, and the shared hold.
  std::unique_ptr<DeliveryPipeline> process() {
    return std::make_unique<DeliveryPipeline>(
        storage(), channels(), Surroundings{queue, clock, telemetry, hold},
        DeliverySettings{.policy = policy, .sms = sender_settings()});
  }

  LocalLineHold hold;
  std::unique_ptr<DeliveryPipeline> processes[2] = {process(), process()};
  QueuedSmsSender& first = processes[0]->queued_sms;
  QueuedSmsSender& second = processes[1]->queued_sms;
};

TEST(SenderQueue, SendsAnItemOfTheQueueOnceHoweverOftenItComes) {
  QueueShop shop;
  const auto items = shop.orders_in(5);
  ASSERT_EQ(items.size(), 5U);
  ASSERT_TRUE(shop.first.send(items));
  ASSERT_TRUE(shop.second.send(items));
  ASSERT_TRUE(shop.first.send({}));
  EXPECT_EQ(shop.carrier.submitted().size(), 5U);
  EXPECT_EQ(shop.in(State::sms_sent), 5);
  EXPECT_TRUE(shop.queue.offered().empty());
}

TEST(SenderQueue, AnItemThatComesBeforeItsTimeComesAgain) {
  QueueShop shop;
  const auto items = shop.orders_in(3);
  shop.clock.advance(-1s);  // the sender's clock is behind that of the intake
  ASSERT_TRUE(shop.first.send(items));
  EXPECT_TRUE(shop.carrier.submitted().empty());
  const auto again = shop.queue.offered();
  ASSERT_EQ(again.size(), 3U);
  for (const auto& item : again) EXPECT_EQ(item.due_at, shop.clock.now() + 1s);
  shop.clock.advance(1s);
  ASSERT_TRUE(shop.first.send(again));
  EXPECT_EQ(shop.carrier.submitted().size(), 3U);
}

TEST(SenderQueue, AnItemOverTheRateGoesBackToTheQueueUntouched) {
  QueueShop shop{3};
  const auto items = shop.orders_in(8);
  ASSERT_TRUE(shop.first.send(items));
  ASSERT_TRUE(shop.second.send(items));
  EXPECT_EQ(shop.carrier.submitted().size(), 3U);
  EXPECT_EQ(shop.in(State::accepted), 5);
  const auto again = shop.queue.offered();
  ASSERT_EQ(again.size(), 5U + 8U) << "the second found the rate used up";
  for (const auto& item : again) {
    EXPECT_GE(item.due_at, shop.clock.now() + 1s);
    EXPECT_LE(item.due_at, shop.clock.now() + 15s);
  }
  for (int i = 0; i < 20; ++i) {
    const auto waiting = shop.queue.offered();
    shop.queue.clear();
    shop.clock.advance(15s);
    ASSERT_TRUE(shop.first.send(waiting));
  }
  EXPECT_EQ(shop.in(State::sms_sent), 8);
  EXPECT_EQ(shop.carrier.submitted().size(), 8U);
}

TEST(SenderQueue, AnUrgentItemOverTheRateComesBackInASecondAndIsNextThen) {
  QueueShop shop{2};
  auto items = shop.orders_in(6);
  for (auto& item : items) item.priority = domain::Priority::high;
  ASSERT_TRUE(shop.first.send({items.data(), 2}));
  shop.clock.advance(300ms);
  ASSERT_TRUE(shop.first.send({items.data() + 2, 1}));
  const auto again = shop.queue.offered();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].due_at, shop.clock.now() + 1s) << "SQS rounds up to whole seconds";
  EXPECT_TRUE(again[0].refused_by_rate);
  shop.clock.set(again[0].due_at);
  std::vector<Item> normal{items.begin() + 3, items.end()};
  for (auto& item : normal) item.priority = domain::Priority::normal;
  ASSERT_TRUE(shop.second.send(normal));
  EXPECT_EQ(shop.carrier.submitted().size(), 3U)
      << "one normal one goes, room for the other is kept";
  ASSERT_TRUE(shop.first.send(again));
  EXPECT_EQ(shop.carrier.submitted().size(), 4U);
}

TEST(SenderQueue, AnItemThatTheSweeperOffersAgainEarlierLeavesTheQueue) {
  QueueShop shop{1};
  auto items = shop.orders_in(3);
  items[1].sweeper_at = shop.clock.now() + 1min;
  items[2].sweeper_at = shop.clock.now() + 1s;
  ASSERT_TRUE(shop.first.send(items));
  const auto again = shop.queue.offered();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].id, items[1].id);
  EXPECT_EQ(again[0].sweeper_at, items[1].sweeper_at) << "put off, not offered anew";
  EXPECT_EQ(shop.in(State::accepted), 2) << "where the sweeper finds it";
}

TEST(SenderQueue, UnclaimableItemsGiveTheirPartsBack) {
  QueueShop shop{3};
  const auto items = shop.orders_in(3);
  for (int i = 0; i < 3; ++i) {
    std::vector<Item> strangers(3);
    ASSERT_TRUE(shop.first.send(strangers));
  }
  ASSERT_TRUE(shop.first.send(items));
  EXPECT_EQ(shop.carrier.submitted().size(), 3U);
}

TEST(SenderQueue, AnAccountProblemHoldsTheProviderForAllAndOneMessageProbes) {
  QueueShop shop;
  const auto items = shop.orders_in(6);
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::account, "no_quota"});
  ASSERT_TRUE(shop.first.send({items.data(), 1}));
  const std::vector<Item> rest{items.begin() + 1, items.end()};
  shop.queue.clear();
  ASSERT_TRUE(shop.second.send(rest));
  EXPECT_EQ(shop.carrier.submitted().size(), 1U) << "the other worker knows it too";
  EXPECT_EQ(shop.in(State::deferred), 5) << "a queue would fill with copies";
  EXPECT_TRUE(shop.queue.offered().empty());
  shop.clock.advance(domain::CircuitBreaker::account_wait + 1s);
  ASSERT_TRUE(shop.sweeper.sweep());
  const auto woken = shop.queue.offered();
  ASSERT_GE(woken.size(), 5U);
  shop.queue.clear();
  ASSERT_TRUE(shop.second.send(woken));
  EXPECT_EQ(shop.carrier.submitted().size(), 2U) << "one message probes";
  const auto others = shop.queue.offered();
  ASSERT_EQ(others.size(), 4U) << "the others look again when it has ended";
  for (const auto& item : others) EXPECT_LE(item.due_at, shop.clock.now() + 20s);
  shop.clock.advance(20s);
  ASSERT_TRUE(shop.first.send(others));
  EXPECT_EQ(shop.in(State::sms_sent), 5) << "it got through, so the line lets the others go";
  EXPECT_EQ(shop.carrier.submitted().size(), 6U);
}

TEST(SenderQueue, AProbeThatAStaleCopyTookIsAnothersInTheNextBatch) {
  QueueShop shop;
  const auto items = shop.orders_in(4);
  ASSERT_TRUE(shop.first.send({items.data(), 1}));
  shop.processes[0]->sms.line().hold_by_receipt("no_quota");
  shop.clock.advance(domain::CircuitBreaker::account_wait + 1s);
  ASSERT_TRUE(shop.second.send({items.data(), 1})) << "sent long ago: no byte goes out";
  EXPECT_EQ(shop.carrier.submitted().size(), 1U);
  ASSERT_TRUE(shop.first.send({items.data() + 1, 1}));
  EXPECT_EQ(shop.carrier.submitted().size(), 2U);
  ASSERT_TRUE(shop.second.send({items.data() + 2, 2}));
  EXPECT_EQ(shop.carrier.submitted().size(), 2U) << "its receipt decides";
}

TEST(SenderQueue, ARunOfUnknownEndsClosesTheLineOfAll) {
  QueueShop shop;
  const auto items = shop.orders_in(20);
  for (int i = 0; i < 5; ++i)
    shop.carrier.answer_next(ports::SmsFailed{domain::Fault::unknown, "internal_error"});
  ASSERT_TRUE(shop.first.send({items.data(), 5}));
  ASSERT_TRUE(shop.second.send({items.data() + 5, 10}));
  EXPECT_EQ(shop.carrier.submitted().size(), 5U);
}

TEST(SenderQueue, AReceiptThatBlamesTheAccountHoldsTheProviderToo) {
  QueueShop shop;
  shop.processes[0]->sms.line().hold_by_receipt("no_quota");
  const auto items = shop.orders_in(2);
  ASSERT_TRUE(shop.second.send(items));
  EXPECT_TRUE(shop.carrier.submitted().empty());
}

TEST(FallbackQueue, AMailThatHasToBeTriedAgainGoesBackToTheQueue) {
  QueueShop shop;
  auto& fallback = shop.pipeline.fallback;
  domain::Customer no_phone;
  no_phone.id = "mail";
  no_phone.contact.email = "mail@example.com";
  ASSERT_TRUE(shop.customers.put("default", {&no_phone, 1}, shop.clock.now()));
  const auto id = shop.accepted(event("o1", "confirmed", "mail"));
  const auto item = shop.queue.offered().at(0);
  shop.queue.clear();
  shop.mailer.answer_next(ports::MailFailed{domain::Fault::passing, "busy"});
  ASSERT_TRUE(fallback.send({&item, 1}));
  auto again = shop.queue.offered();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].channel, domain::Channel::email);
  EXPECT_GT(again[0].due_at, shop.clock.now());
  shop.queue.clear();
  shop.mailer.answer_next(ports::MailFailed{domain::Fault::server, "down"});
  shop.clock.set(again[0].due_at);
  ASSERT_TRUE(fallback.send({&item, 1}));
  ASSERT_TRUE(fallback.send({&item, 1})) << "while the breaker blocks";
  again = shop.queue.offered();
  ASSERT_EQ(again.size(), 2U);
  auto old = item;
  old.sweeper_at = shop.clock.now();
  ASSERT_TRUE(fallback.send({&old, 1}));
  EXPECT_EQ(shop.queue.offered().size(), 2U) << "the sweeper offers it again, or has done so";
  EXPECT_EQ(shop.telemetry.counted(ports::Counter::mail_unreachable), 1);
  shop.clock.set(std::max(again[0].due_at, again[1].due_at));
  ASSERT_TRUE(fallback.send({&item, 1}));
  EXPECT_EQ(shop.state(id), State::emailed);
}

}  // namespace
}  // namespace postrider::pipeline::testing
