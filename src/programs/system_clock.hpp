// The wall clock of this machine, in the milliseconds that everything is stored with.
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
