// A limit of one log line a minute for lines that each message could write. Thread-safe: of all
// threads that ask in a minute one is let through.
#pragma once

#include <atomic>

#include "domain/time.hpp"

namespace postrider::pipeline {

class LogRateLimiter {
 public:
  /// True once a minute: this caller writes the line.
  bool allow(domain::TimePoint now) {
    auto last = last_.load();
    return now - last >= interval && last_.compare_exchange_strong(last, now);
  }

 private:
  static constexpr domain::Milliseconds interval{60'000};
  std::atomic<domain::TimePoint> last_{domain::TimePoint{}};
};

}  // namespace postrider::pipeline
