// The carrier of test mode in a function: a simulated network whose receipts come with the answers,
// because the process is frozen between its invocations. Late receipts never come. Not thread-safe.
#pragma once

#include <vector>

#include "adapters/simulator/simulated_sms_carrier.hpp"

namespace postrider::programs {

class TestCarrier final : public ports::SmsCarrier {
 public:
  explicit TestCarrier(ports::Clock& clock) : clock_{clock} {}

  std::string name() const override { return "simulator"; }
  int width() const override { return unlimited_width; }
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch,
                                        domain::TimePoint until) override;

  /// The receipts of all messages that were submitted since the last call.
  std::vector<domain::Receipt> take_receipts() { return std::exchange(receipts_, {}); }

 private:
  ports::Clock& clock_;
  std::vector<domain::Receipt> receipts_;
};

}  // namespace postrider::programs
