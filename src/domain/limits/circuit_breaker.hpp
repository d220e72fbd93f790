// A circuit breaker in front of a provider: after the provider throttled or could not be reached it
// blocks all messages for a while, then lets one through as a probe, then all. A wait for the
// breaker does not count as an attempt. Pure; its users lock it (pipeline/provider_breaker.hpp).
#pragma once

#include "domain/time.hpp"

namespace postrider::domain {

struct CircuitBreaker {
  Milliseconds longest_wait{30'000};
  TimePoint blocked_until{};
  int failures = 0;  // in a row; 0: all messages may go

  static constexpr Milliseconds first_wait{500};
  static constexpr Milliseconds account_wait = std::chrono::minutes{15};

  /// True where a message may go at `now`.
  bool allows(TimePoint now) const { return now >= blocked_until; }
  /// The number of `batch` messages that may go: after a failure one as a probe, otherwise all.
  int width(int batch) const { return failures > 0 ? 1 : batch; }

  /// The provider refused or was not reached. `retry_after`: the wait that the provider asks for
  /// (0: none). Returns the wait: doubled with each failure in a row, from first_wait to
  /// longest_wait.
  Milliseconds fail(TimePoint now, Milliseconds retry_after);
  /// A message got through: all messages may go.
  void succeed();
  /// The account is the problem: one probe every `account_wait`, until a probe succeeds.
  void hold(TimePoint now);
};

}  // namespace postrider::domain
