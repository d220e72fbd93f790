// A grant of the carrier's rate for a batch of SMS: the number of messages that fit, with unused
// parts given back. For one thread.
#pragma once

#include <span>

#include "domain/notification.hpp"
#include "ports/allowance.hpp"
#include "ports/telemetry.hpp"

namespace postrider::pipeline {

/// The SMS parts that a message takes from the rate: at least one.
inline int parts_of(int segments) { return segments > 0 ? segments : 1; }

class RateGrant {
 public:
  /// Takes the parts of the first messages, as many as may go now. `segments`: of each message. An
  /// Error: none were taken.
  static domain::Result<RateGrant> take(ports::Allowance& allowance, ports::Telemetry& telemetry,
                                        std::span<const int> segments, domain::TimePoint now);

  /// The number of messages that may be claimed; their parts are taken.
  std::size_t messages() const { return messages_; }
  /// The wait of the messages that may not go now.
  domain::Milliseconds wait() const { return wait_; }

  /// Gives back the parts of the messages that were not claimed. To be called once.
  void settle(std::span<const domain::Notification> claimed);

 private:
  RateGrant(ports::Allowance& allowance, ports::Telemetry& telemetry)
      : allowance_{&allowance}, telemetry_{&telemetry} {}
  void give_back(int parts);

  ports::Allowance* allowance_;
  ports::Telemetry* telemetry_;
  std::size_t messages_ = 0;
  int parts_ = 0;  // of the granted messages
  domain::Milliseconds wait_{0};
};

}  // namespace postrider::pipeline
