// The clock: the only place that reads time, in UTC. Thread-safe.
#pragma once

#include "domain/time.hpp"

namespace postrider::ports {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual domain::TimePoint now() const = 0;
};

}  // namespace postrider::ports
