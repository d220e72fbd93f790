#include "adapters/simulator/complaint_block.hpp"

namespace postrider::adapters::simulator {

SimulatedMailer::Complaint block_on_complaint(ports::CustomerDirectory& customers,
                                              ports::Clock& clock, ports::Telemetry& telemetry) {
  return [&customers, &clock, &telemetry](const std::string& address) {
    const ports::BlockedAddress blocked{address, "complaint", clock.now()};
    if (!customers.block({&blocked, 1}))
      telemetry.log(ports::Level::error, "address_not_blocked", {});
  };
}

}  // namespace postrider::adapters::simulator
