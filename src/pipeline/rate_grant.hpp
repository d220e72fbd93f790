// A grant of the carrier's rate for a batch of SMS: the number of messages that fit, with unused
// parts given back. For one thread.
#pragma once

#include <span>
#include <vector>

#include "domain/notification.hpp"
#include "ports/allowance.hpp"
#include "ports/telemetry.hpp"

namespace postrider::pipeline {

/// The SMS parts that a message takes from the rate: at least one.
inline int parts_of(int segments) { return segments > 0 ? segments : 1; }

/// The SMS of a batch that ask for the rate: urgent ones first, and of those the ones that it
/// refused before.
struct RateRequest {
  std::vector<int> segments;  // of each
  std::size_t urgent = 0;     // of `segments`
  std::size_t again = 0;      // of the urgent ones: refused before
};

class RateGrant {
 public:
  /// Takes the parts of the first messages, as many as may go now. An Error: none were taken.
  static domain::Result<RateGrant> take(ports::Allowance& allowance, ports::Telemetry& telemetry,
                                        const RateRequest& request, domain::TimePoint now);

  /// The number of messages that may be claimed; their parts are taken.
  std::size_t messages() const { return granted_.messages; }
  /// The wait of the messages that may not go now.
  domain::Milliseconds wait() const { return granted_.wait; }

  /// Gives back the parts of the messages that were not claimed. To be called once.
  void settle(std::span<const domain::Notification> claimed);

 private:
  RateGrant(ports::Allowance& allowance, ports::Telemetry& telemetry)
      : allowance_{&allowance}, telemetry_{&telemetry} {}

  ports::Allowance* allowance_;
  ports::Telemetry* telemetry_;
  domain::PartsGrant granted_;
};

}  // namespace postrider::pipeline
