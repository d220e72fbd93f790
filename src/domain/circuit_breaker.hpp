// A circuit breaker in front of a provider: after the provider throttled or could not be reached it
// blocks all messages for a while, then lets one through as a probe, then all. Waiting for it uses
// no try of any message. Pure; its users lock it (pipeline/provider_breaker.hpp).
#pragma once

#include "domain/time.hpp"

namespace postrider::domain {

struct CircuitBreaker {
  Milliseconds longest_wait{30'000};
  TimePoint blocked_until{};
  int failures = 0;  // in a row; 0: all may go

  static constexpr Milliseconds first_wait{500};
  static constexpr Milliseconds account_wait = std::chrono::minutes{15};

  bool allows(TimePoint now) const { return now >= blocked_until; }
  /// How many of `batch` messages may go: after failures one, as a probe, before the rest follow.
  int width(int batch) const { return failures > 0 ? 1 : batch; }

  /// The provider refused or was not reached; `asked` is the wait that it wishes itself (0: none).
  /// Returns the wait: doubled with each failure in a row, from first_wait to longest_wait.
  Milliseconds fail(TimePoint now, Milliseconds asked);
  void succeed();
  /// An account-level failure: nothing but one probe every `account_wait` until one succeeds.
  void hold(TimePoint now);
};

}  // namespace postrider::domain
