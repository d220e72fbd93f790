// The wall clock of this machine, in milliseconds, the precision of all stored times. Thread-safe.
// Tests use a clock of their own (tests/doubles).
#pragma once

#include <chrono>

#include "ports/clock.hpp"

namespace postrider::programs {

inline domain::TimePoint wall_now() {
  return std::chrono::floor<domain::Milliseconds>(std::chrono::system_clock::now());
}

class SystemClock final : public ports::Clock {
 public:
  domain::TimePoint now() const override { return wall_now(); }
};

}  // namespace postrider::programs
