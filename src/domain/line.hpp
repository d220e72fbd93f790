// The line to a carrier: closed for a while after it was throttled or unreachable, then tried with
// one message, then open. Waiting for it uses no try of any message.
#pragma once

#include "domain/time.hpp"

namespace postrider::domain {

struct Line {
  Milliseconds longest_wait{30'000};
  TimePoint closed_until{};
  int failures = 0;  // in a row; 0: open

  static constexpr Milliseconds first_wait{500};
  static constexpr Milliseconds account_wait = std::chrono::minutes{15};

  bool open(TimePoint now) const { return now >= closed_until; }
  /// After failures, one message probes before the rest follow.
  int width(int batch) const { return failures > 0 ? 1 : batch; }

  /// The carrier refused the line; `asked` is its own wish (0: none). Returns the wait.
  Milliseconds fail(TimePoint now, Milliseconds asked);
  void succeed();
  /// An account-level failure: nothing but one probe every `account_wait` until one succeeds.
  void hold(TimePoint now);
};

}  // namespace postrider::domain
