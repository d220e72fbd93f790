// What one machine claims at once: no more than the carrier's connections and the rate let go, and
// nothing that is begun after its claim has ended.
#include <thread>

#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

/// A carrier whose messages are under way until a test ends them.
class SlowCarrier final : public ports::SmsCarrier {
 public:
  explicit SlowCarrier(int width) : width_{width} {}
  ~SlowCarrier() override { EXPECT_EQ(open(), 0); }
  std::string name() const override { return "slow"; }
  int width() const override { return width_; }
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms>, domain::TimePoint) override {
    return {};
  }
  void start(std::vector<ports::Sms> batch, domain::TimePoint, Ended ended) override {
    for (std::size_t i = 0; i < batch.size(); ++i) open_.push_back({i, ended});
  }
  int open() const { return static_cast<int>(open_.size()); }
  /// Ends the newest.
  void end_one() { end_one(ports::SmsAccepted{"slow-" + std::to_string(++ended_)}); }
  void end_one(const ports::SmsOutcome& outcome) {
    auto [index, ended] = std::move(open_.back());
    open_.pop_back();
    ended(index, outcome);
  }

 private:
  const int width_;
  int ended_ = 0;
  std::vector<std::pair<std::size_t, Ended>> open_;
};

struct BusyShop : Shop {
  explicit BusyShop(int count, int parts_per_second = 0, domain::Mode mode = domain::Mode::live)
      : Shop({}, parts_per_second) {
    for (int i = 0; i < count; ++i) {
      customer("c" + std::to_string(i), "+4915112345" + std::to_string(100 + i));
      accepted(event("o" + std::to_string(i), "confirmed", "c" + std::to_string(i)), mode);
    }
  }
  int in(State wanted) { return static_cast<int>((*query.counts())[wanted]); }
};

/// A busy shop whose pipeline `slow` has a slow carrier of four connections.
struct SlowShop : BusyShop {
  using BusyShop::BusyShop;
  struct Slow {
    SlowCarrier carrier;
    DeliveryPipeline pipeline;
  };
  Slow slow{SlowCarrier{4},
            {storage(),
             {slow.carrier, test_carrier, mailer, test_mailer},
             {queue, clock, telemetry, line_hold},
             DeliverySettings{.policy = policy, .sms = sender_settings()}}};
};

TEST(ClaimsAtOnce, AllWorkersTogetherClaimNoMoreThanTheCarrierHasUnderWay) {
  BusyShop shop{80};
  shop.carrier.set_width(5);
  std::atomic<int> most{0};
  shop.carrier.while_submitting([&](const ports::Sms&) {
    const int claimed = shop.in(State::sending_sms);
    for (int seen = most; seen < claimed && !most.compare_exchange_weak(seen, claimed);) {
    }
    std::this_thread::sleep_for(1ms);
  });
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back([&shop] {
      while (shop.in(State::sms_sent) < 80) {
        const auto round = shop.sender.send_due();
        ASSERT_TRUE(round);
        if (round->wait.count() > 0) std::this_thread::sleep_for(1ms);
      }
    });
  for (auto& worker : workers) worker.join();
  EXPECT_LE(most, 5);
  EXPECT_EQ(most, 5) << "all places are used";
  EXPECT_EQ(shop.carrier.submitted().size(), 80U);
}

TEST(ClaimsAtOnce, OneSlowAnswerHoldsUpNoOther) {
  SlowShop shop{12};
  auto& [carrier, pipeline] = shop.slow;
  int told = 0;
  pipeline.sms.when_ended([&told] { ++told; });
  ASSERT_TRUE(pipeline.due_sms.send_due());
  EXPECT_EQ(carrier.open(), 4);
  EXPECT_TRUE(pipeline.due_sms.send_due()->for_place);
  for (int i = 1; i <= 8; ++i) {  // the oldest has no answer all the time
    carrier.end_one();
    EXPECT_EQ(told, i);
    ASSERT_TRUE(pipeline.due_sms.send_due());
    EXPECT_EQ(shop.in(State::sms_sent), i);
    EXPECT_EQ(carrier.open(), 4);
    EXPECT_EQ(shop.in(State::sending_sms), 4);
  }
  while (carrier.open() > 0) carrier.end_one();
  pipeline.sms.wait_until_ended();
  ASSERT_TRUE(pipeline.sms.flush());
  EXPECT_EQ(shop.in(State::sms_sent), 12);
}

TEST(ClaimsAtOnce, OneProbeIsUnderWayToAProviderThatFailed) {
  SlowShop shop{12};
  auto& [carrier, pipeline] = shop.slow;
  const auto send_three_times = [&] {
    for (int i = 0; i < 3; ++i) {
      shop.clock.advance(1min);
      ASSERT_TRUE(pipeline.due_sms.send_due());
    }
  };
  ASSERT_TRUE(pipeline.due_sms.send_due());
  carrier.end_one(ports::SmsFailed{domain::Fault::server, "connect_failed"});
  send_three_times();
  EXPECT_EQ(carrier.open(), 3) << "those from before the failure";
  while (carrier.open() > 0)
    carrier.end_one(ports::SmsFailed{domain::Fault::server, "connect_failed"});
  send_three_times();
  EXPECT_EQ(carrier.open(), 1) << "the probe";
  carrier.end_one();
  ASSERT_TRUE(pipeline.due_sms.send_due());
  EXPECT_EQ(carrier.open(), 4);
  while (carrier.open() > 0) carrier.end_one();
  pipeline.sms.wait_until_ended();
}

TEST(ClaimsAtOnce, AProbeOfTheHeldLineIsAloneAndOpensItWhenItEnds) {
  SlowShop shop{12};
  auto& [carrier, pipeline] = shop.slow;
  ASSERT_TRUE(pipeline.due_sms.send_due());
  while (carrier.open() > 0) carrier.end_one(ports::SmsFailed{domain::Fault::account, "no_credit"});
  for (int i = 0; i < 3; ++i) {
    shop.clock.advance(domain::CircuitBreaker::account_wait + 1s);
    ASSERT_TRUE(pipeline.due_sms.send_due());
    ASSERT_TRUE(pipeline.due_sms.send_due());
    EXPECT_EQ(carrier.open(), 1) << "the probe, however long its answer takes";
  }
  carrier.end_one();
  ASSERT_TRUE(pipeline.due_sms.send_due());
  ASSERT_TRUE(pipeline.due_sms.send_due());
  EXPECT_EQ(carrier.open(), 4);
  while (carrier.open() > 0) carrier.end_one();
  pipeline.sms.wait_until_ended();
}

TEST(ClaimsAtOnce, AProbeThatFindsNoMessageIsThereForTheNext) {
  SlowShop shop{0};
  auto& [carrier, pipeline] = shop.slow;
  pipeline.sms.line().hold_by_receipt("no_quota");
  shop.clock.advance(domain::CircuitBreaker::account_wait);
  ASSERT_TRUE(pipeline.due_sms.send_due());
  shop.customer();
  shop.accepted(event("o1"));
  ASSERT_TRUE(pipeline.due_sms.send_due());
  EXPECT_EQ(carrier.open(), 1);
  while (carrier.open() > 0) carrier.end_one();
  pipeline.sms.wait_until_ended();
}

TEST(ClaimsAtOnce, OutcomesThatAreNotStoredKeepTheirPlaces) {
  BusyShop shop{4};
  shop.carrier.set_width(2);
  shop.carrier.while_submitting([&](const ports::Sms&) {
    shop.world.write_failure = domain::Error{domain::ErrorKind::storage_full, "full"};
  });
  EXPECT_FALSE(shop.sender.send_due());
  EXPECT_EQ(shop.pipeline.sms.under_way(), 2);
  shop.world.write_failure.reset();
  shop.carrier.while_submitting({});
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.pipeline.sms.under_way(), 0);
  EXPECT_EQ(shop.in(State::sms_sent), 4);
}

TEST(ClaimsAtOnce, AWorkerWithoutAPlaceWaitsForTheMessageOfAnother) {
  BusyShop shop{3};
  shop.carrier.set_width(1);
  std::optional<Round> other;
  shop.carrier.while_submitting([&](const ports::Sms&) { other = *shop.sender.send_due(); });
  ASSERT_TRUE(shop.sender.send_due());
  ASSERT_TRUE(other);
  EXPECT_EQ(other->handled, 0);
  EXPECT_TRUE(other->for_place);
  shop.carrier.while_submitting({});
  EXPECT_FALSE(shop.sender.send_due()->for_place);
  EXPECT_EQ(shop.carrier.submitted().size(), 2U);
}

TEST(ClaimsAtOnce, TestModeTakesNoPlace) {
  BusyShop shop{3, 0, domain::Mode::test};
  shop.carrier.set_width(1);
  std::optional<Round> other;
  shop.test_carrier.while_submitting([&](const ports::Sms&) {
    if (!other) {
      other = Round{};
      other = *shop.sender.send_due();
    }
  });
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(other->handled, 1);
}

TEST(ClaimsAtOnce, NoMoreThanTheRateLetsGoWithinASecond) {
  BusyShop shop{20, 3};
  int most = 0;
  shop.carrier.while_submitting(
      [&](const ports::Sms&) { most = std::max(most, shop.in(State::sending_sms)); });
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(shop.sender.send_due());
    shop.clock.advance(200ms);
  }
  EXPECT_EQ(most, 3);
  EXPECT_EQ(shop.in(State::sms_sent), 20);
}

TEST(ClaimsAtOnce, AnSmsWhoseWorkerStoodStillUntilItsLeaseEndedIsNotSent) {
  BusyShop shop{2};
  std::vector<domain::NotificationId> ids;
  const auto due = shop.query.due(State::accepted, shop.clock.now(), 10);
  for (const auto& d : *due) ids.push_back(d.id);
  std::vector<domain::NotificationId> failed;
  auto claimed = *shop.pipeline.sms.claim(ids, failed);
  ASSERT_EQ(claimed.size(), 2U);
  shop.clock.advance(shop.policy.sms_lease - 1s);
  ASSERT_TRUE(shop.pipeline.sms.submit(std::move(claimed)));
  EXPECT_TRUE(shop.carrier.submitted().empty());
  EXPECT_EQ(shop.in(State::accepted), 2) << "nothing went out, so they may go later";
  EXPECT_EQ(shop.budget().reserved, domain::Money{});
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(shop.sender.send_due());
    shop.clock.advance(1s);
  }
  EXPECT_EQ(shop.in(State::sms_sent), 2);
}

TEST(ClaimsAtOnce, AStandstillOnTheWireKeepsTheRestOfTheBatchFromBeginning) {
  BusyShop shop{3};
  shop.carrier.while_submitting([&](const ports::Sms&) { shop.clock.advance(2min); });
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().size(), 1U);
  EXPECT_EQ(shop.in(State::sms_sent), 1);
}

TEST(ClaimsAtOnce, NoMailBeginsAfterItsLeaseAlsoWhereTheOtherLaneTookIt) {
  Shop shop;
  shop.customer("c1", "");
  shop.accepted(event("o1"));
  const auto later = shop.accepted(event("o2"), domain::Mode::test);
  shop.mailer.take(shop.clock, shop.policy.email_lease);
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.mailer.sent().size(), 1U);
  EXPECT_TRUE(shop.test_mailer.sent().empty());
  shop.clock.advance(1s);
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(later), State::emailed);
}

}  // namespace
}  // namespace postrider::pipeline::testing
