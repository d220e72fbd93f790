// The grants of a carrier's rate within its window: so many SMS parts a second over all workers. A
// store keeps the grants (in memory, or as an item that all machines share); the rule stands here.
// Pure. For the moment at which a message goes on the wire see pacer.hpp.
#pragma once

#include <deque>

#include "domain/time.hpp"

namespace postrider::domain {

struct RateGrant {
  TimePoint at;
  int parts = 0;
};

/// What may go now, and when to ask again for what may not.
struct PartsGrant {
  int parts = 0;      // may be submitted now
  Milliseconds wait;  // until more may go; 0 where all was granted
};

class RateWindow {
 public:
  /// `parts_per_second` > 0. `grants`: as they were kept, oldest first.
  explicit RateWindow(int parts_per_second, std::deque<RateGrant> grants = {})
      : limit_{parts_per_second}, grants_{std::move(grants)} {}

  /// Takes between `min` and `max` parts, or none: the parts of one message go out together. Never
  /// more than the limit in any second, except for one message that is longer than the limit: it
  /// waits for an idle second and then uses up those that follow. Grants of a clock that was ahead
  /// count from `now` on.
  PartsGrant take(int min, int max, TimePoint now);

  /// Gives back parts that were taken and not submitted, from the newest grants.
  void take_back(int parts);

  const std::deque<RateGrant>& grants() const { return grants_; }

 private:
  TimePoint leaves(const RateGrant& grant) const;
  int granted() const;

  const int limit_;
  std::deque<RateGrant> grants_;
};

}  // namespace postrider::domain
