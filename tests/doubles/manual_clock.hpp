// A clock that stands still until a test moves it. Thread-safe.
#pragma once

#include <atomic>

#include "ports/clock.hpp"

namespace postrider::doubles {

class ManualClock final : public ports::Clock {
 public:
  explicit ManualClock(domain::TimePoint start = domain::from_unix_ms(1'795'000'000'000))
      : now_{domain::to_unix_ms(start)} {}

  domain::TimePoint now() const override { return domain::from_unix_ms(now_); }
  void advance(domain::Milliseconds by) { now_ += by.count(); }
  void set(domain::TimePoint to) { now_ = domain::to_unix_ms(to); }

 private:
  std::atomic<std::int64_t> now_;
};

}  // namespace postrider::doubles
