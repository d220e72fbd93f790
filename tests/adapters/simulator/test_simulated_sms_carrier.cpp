#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "adapters/simulator/simulated_sms_carrier.hpp"
#include "support/faults.hpp"

namespace postrider::adapters::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

constexpr auto no_end = domain::TimePoint::max();

class SystemClock : public ports::Clock {
 public:
  domain::TimePoint now() const override {
    return std::chrono::floor<domain::Milliseconds>(std::chrono::system_clock::now());
  }
};

/// A collector of the carrier's receipts.
class Inbox {
 public:
  SimulatedSmsCarrier::Sink sink() {
    return [this](std::span<const domain::Receipt> receipts) {
      const std::lock_guard lock{mutex_};
      largest_ = std::max(largest_, receipts.size());
      all_.insert(all_.end(), receipts.begin(), receipts.end());
      changed_.notify_all();
    };
  }
  std::vector<domain::Receipt> wait_for(std::size_t count, milliseconds patience = seconds{5}) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, patience, [&] { return all_.size() >= count; });
    return all_;
  }
  std::size_t largest() const { return largest_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<domain::Receipt> all_;
  std::size_t largest_ = 0;
};

std::vector<ports::Sms> messages(std::uint32_t count, const std::string& to = "+4915112345678") {
  std::vector<ports::Sms> made(count);
  for (std::uint32_t n = 0; n < count; ++n) {
    for (std::size_t i = 0; i < 4; ++i)
      made[n].reference.bytes[i] = static_cast<std::uint8_t>(n >> (8 * i));
    made[n].attempt_no = 1;
    made[n].to = to;
    made[n].text = "hello";
  }
  return made;
}

NetworkSettings at_once() {
  NetworkSettings settings;
  settings.receipt_min = settings.receipt_max = milliseconds{0};
  return settings;
}

TEST(SimulatedSmsCarrier, AcceptsAndDeliversWithinASecond) {
  SystemClock clock;
  Inbox inbox;
  SimulatedSmsCarrier carrier{{}, clock, inbox.sink()};
  const auto outcomes = carrier.submit(messages(100), no_end);
  ASSERT_EQ(outcomes.size(), 100U);
  const auto* accepted = std::get_if<ports::SmsAccepted>(&outcomes[3]);
  ASSERT_NE(accepted, nullptr);
  EXPECT_EQ(accepted->message_id, message_id(messages(4)[3].reference, 1));
  const auto receipts = inbox.wait_for(100, seconds{1});
  ASSERT_EQ(receipts.size(), 100U);
  EXPECT_EQ(receipts[0].carrier, "simulator");
  EXPECT_EQ(receipts[0].outcome, domain::ReceiptOutcome::delivered);
}

TEST(SimulatedSmsCarrier, GivesEachAnswerItsOutcome) {
  SystemClock clock;
  Inbox inbox;
  SimulatedSmsCarrier carrier{at_once(), clock, inbox.sink()};
  const auto submit = [&carrier](const char* to) {
    return carrier.submit(messages(1, to), no_end).at(0);
  };
  EXPECT_EQ(support::fault_of(submit("+12025550102")), domain::Fault::passing);
  EXPECT_EQ(support::fault_of(submit("+12025550103")), domain::Fault::message);
  EXPECT_EQ(support::fault_of(submit("+12025550107")), domain::Fault::opted_out);
  EXPECT_EQ(std::get<ports::SmsFailed>(submit("+12025550108")).code, "cut");
  auto throttling = at_once();
  throttling.throttle = 1;
  SimulatedSmsCarrier busy{throttling, clock, inbox.sink()};
  EXPECT_EQ(std::get<ports::SmsFailed>(busy.submit(messages(1), no_end).at(0)).retry_after,
            throttling.retry_after);
}

TEST(SimulatedSmsCarrier, TakesTheLatencyOnceABatch) {
  SystemClock clock;
  auto settings = at_once();
  settings.latency = milliseconds{60};
  SimulatedSmsCarrier carrier{settings, clock, {}};
  const auto start = Steady::now();
  carrier.submit(messages(50), no_end);
  const auto took = Steady::now() - start;
  EXPECT_GE(took, milliseconds{60});
  EXPECT_LT(took, milliseconds{1000});
}

TEST(SimulatedSmsCarrier, AnEarlyReceiptComesBeforeTheAnswer) {
  SystemClock clock;
  Inbox inbox;
  SimulatedSmsCarrier carrier{{}, clock, inbox.sink()};
  carrier.submit(messages(1, "+12025550113"), no_end);
  EXPECT_EQ(inbox.wait_for(1, milliseconds{0}).size(), 1U);
}

TEST(SimulatedSmsCarrier, ADuplicateReceiptIsTheSameMessageAgain) {
  SystemClock clock;
  Inbox inbox;
  SimulatedSmsCarrier carrier{at_once(), clock, inbox.sink()};
  carrier.submit(messages(1, "+12025550106"), no_end);
  const auto receipts = inbox.wait_for(3);
  ASSERT_EQ(receipts.size(), 3U);
  EXPECT_EQ(receipts[0].message_id, receipts[2].message_id);
}

TEST(SimulatedSmsCarrier, ReceiptsComeInTheOrderOfTheirTimes) {
  SystemClock clock;
  Inbox inbox;
  SimulatedSmsCarrier carrier{at_once(), clock, inbox.sink()};
  carrier.submit(messages(1, "+12025550112"), no_end);
  const auto receipts = inbox.wait_for(2);
  ASSERT_EQ(receipts.size(), 2U);
  EXPECT_EQ(receipts[0].outcome, domain::ReceiptOutcome::accepted);
  EXPECT_EQ(receipts[1].outcome, domain::ReceiptOutcome::delivered);
}

TEST(SimulatedSmsCarrier, HandsManyReceiptsOverInBigBatches) {
  SystemClock clock;
  Inbox inbox;
  SimulatedSmsCarrier carrier{at_once(), clock, inbox.sink()};
  carrier.submit(messages(20'000), no_end);
  EXPECT_EQ(inbox.wait_for(20'000).size(), 20'000U);
  EXPECT_EQ(inbox.largest(), SimulatedSmsCarrier::max_receipts);
}

TEST(SimulatedSmsCarrier, IsFastEnoughForTheBenchmarkWithoutLatency) {
  SystemClock clock;
  Inbox inbox;
  SimulatedSmsCarrier carrier{at_once(), clock, inbox.sink()};
  const auto batch = messages(50'000);
  const auto start = Steady::now();
  for (std::span<const ports::Sms> rest = batch; !rest.empty(); rest = rest.subspan(100))
    carrier.submit(rest.first(100), no_end);
  ASSERT_EQ(inbox.wait_for(50'000, seconds{20}).size(), 50'000U);
  // Sanitizers slow this down many times; the benchmark has the figure that matters.
  EXPECT_LT(Steady::now() - start, seconds{10});
}

TEST(SimulatedSmsCarrier, NothingComesAfterStop) {
  SystemClock clock;
  std::atomic<int> calls{0};
  NetworkSettings settings;
  settings.receipt_min = settings.receipt_max = milliseconds{40};
  SimulatedSmsCarrier carrier{settings, clock,
                              [&calls](std::span<const domain::Receipt>) { ++calls; }};
  carrier.submit(messages(10), no_end);
  carrier.stop();
  std::this_thread::sleep_for(milliseconds{80});
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(carrier.receipts_waiting(), 10U);
}

TEST(SimulatedSmsCarrier, AboveItsRateItThrottlesTheRest) {
  SystemClock clock;
  auto settings = at_once();
  settings.throttle_above = 20;
  SimulatedSmsCarrier carrier{settings, clock, {}};
  const auto outcomes = carrier.submit(messages(30), no_end);
  const auto throttled = std::count_if(outcomes.begin(), outcomes.end(), [](const auto& outcome) {
    return support::fault_of(outcome) == domain::Fault::throttled;
  });
  EXPECT_EQ(throttled, 10);
}

TEST(SimulatedSmsCarrier, NothingBeginsWhenTheTimeIsOver) {
  SystemClock clock;
  Inbox inbox;
  SimulatedSmsCarrier carrier{at_once(), clock, inbox.sink()};
  for (const auto& outcome : carrier.submit(messages(3), clock.now()))
    EXPECT_TRUE(std::holds_alternative<ports::SmsNotBegun>(outcome));
  carrier.stop();
  EXPECT_TRUE(inbox.wait_for(1, milliseconds{1}).empty());
}

}  // namespace
}  // namespace postrider::adapters::simulator
