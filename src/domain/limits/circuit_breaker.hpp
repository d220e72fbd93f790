// A circuit breaker in front of a provider: after the provider throttled or could not be reached it
// blocks all messages for a while, then lets one through as a probe, then all. A wait for the
// breaker does not count as an attempt. Pure; its users lock it
// (pipeline/line/provider_breaker.hpp).
#pragma once

#include <algorithm>

#include "domain/time.hpp"

namespace postrider::domain {

struct CircuitBreaker {
  TimePoint blocked_until{};
  int failures = 0;  // in a row; 0: all messages may go
  int unknowns = 0;  // in a row, since the last definite answer

  static constexpr Milliseconds first_wait{500};
  static constexpr Milliseconds account_wait = std::chrono::minutes{15};
  /// The longest wait that a provider may ask for: a date in another year would silence it for
  /// good.
  static constexpr Milliseconds longest_asked_wait = std::chrono::hours{1};

  /// True where a message may go at `now`.
  bool allows(TimePoint now) const { return now >= blocked_until; }
  /// The number of `batch` messages that may go: after a failure one as a probe, otherwise all.
  int width(int batch) const { return failures > 0 ? 1 : batch; }

  /// The provider refused or was not reached. `asked`: the wait that the provider asks for (0:
  /// none), which may be longer than `longest_wait`. Returns the wait: doubled with each failure in
  /// a row, from first_wait to `longest_wait`.
  Milliseconds fail(TimePoint now, Milliseconds asked, Milliseconds longest_wait);
  /// While the breaker blocks another message asked for `asked`: it blocks at least so long.
  void extend(TimePoint now, Milliseconds asked) {
    blocked_until = std::max(blocked_until, now + std::min(asked, longest_asked_wait));
  }
  /// A message ended without a definite answer. True where that is the `limit`-th in a row, or of a
  /// probe: then the breaker should fail.
  bool count_unknown(int limit) { return ++unknowns >= limit || failures > 0; }
  /// The provider gave a definite answer to a message: all messages may go.
  void succeed();
};

}  // namespace postrider::domain
