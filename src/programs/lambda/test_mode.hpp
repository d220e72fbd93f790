// The network behind test mode, in a process that is frozen between its invocations: receipts come
// with the answers, and late ones never. Not thread-safe.
#pragma once

#include <vector>

#include "adapters/simulator/simulated_sms_carrier.hpp"

namespace postrider::programs {

class TestCarrier final : public ports::SmsCarrier {
 public:
  explicit TestCarrier(ports::Clock& clock) : clock_{clock} {}

  std::string name() const override { return "simulator"; }
  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch) override;

  /// Of what was submitted since the last time.
  std::vector<domain::Receipt> take_receipts() { return std::exchange(receipts_, {}); }

 private:
  ports::Clock& clock_;
  std::vector<domain::Receipt> receipts_;
};

}  // namespace postrider::programs
