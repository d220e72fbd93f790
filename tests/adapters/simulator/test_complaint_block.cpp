#include "adapters/simulator/complaint_block.hpp"

#include <gtest/gtest.h>

#include "doubles/manual_clock.hpp"
#include "doubles/memory_customer_directory.hpp"
#include "doubles/recording_telemetry.hpp"

namespace postrider::adapters::simulator {
namespace {

TEST(ComplaintBlock, BlocksTheAddressAsARealComplaintDoes) {
  doubles::MemoryWorld world;
  doubles::MemoryCustomerDirectory customers{world};
  doubles::ManualClock clock;
  doubles::RecordingTelemetry telemetry;
  block_on_complaint(customers, clock, telemetry)("complaint@simulator.postrider.test");
  const concurrency::Lock lock{world.mutex};
  const auto& blocked = world.blocked.at("complaint@simulator.postrider.test");
  EXPECT_EQ(blocked.reason, "complaint");
  EXPECT_EQ(blocked.at, clock.now());
}

}  // namespace
}  // namespace postrider::adapters::simulator
