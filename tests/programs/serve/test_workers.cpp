#include "programs/serve/workers.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "doubles/recording_telemetry.hpp"

namespace postrider::programs {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using pipeline::Round;

TEST(Workers, AWorkerThatWaitsForAPlaceIsWokenWhenAMessageEndsAndByNoOffer) {
  doubles::RecordingTelemetry telemetry;
  WakeSignal signal;
  std::atomic<int> rounds{0};
  Workers workers{signal, telemetry};
  workers.add("sms", domain::Channel::sms, 2, [&] {
    ++rounds;
    return domain::Result<Round>{Round{0, 10s, true}};
  });
  const auto rounds_become = [&](int wanted) {
    const auto end = Steady::now() + 5s;
    while (rounds < wanted && Steady::now() < end) std::this_thread::sleep_for(1ms);
    return rounds == wanted;
  };
  EXPECT_TRUE(rounds_become(2));
  const ports::WorkQueue::Item offer{};
  for (int i = 0; i < 20; ++i) {
    signal.offer({&offer, 1});
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(rounds, 2);
  signal.end_one(domain::Channel::email);
  signal.end_one(domain::Channel::sms);
  EXPECT_TRUE(rounds_become(4)) << "each looks once";
  workers.stop();
}

TEST(WakeSignal, AMessageThatEndedBeforeTheWaitBeganIsNotMissed) {
  WakeSignal signal;
  const auto seen = signal.seen(domain::Channel::sms);
  signal.end_one(domain::Channel::sms);
  const auto begun = Steady::now();
  signal.wait(domain::Channel::sms, seen, 10s, WakeSignal::For::place);
  signal.wait(domain::Channel::sms, seen, 10s);
  EXPECT_LT(Steady::now() - begun, 1s);
}

}  // namespace
}  // namespace postrider::programs
