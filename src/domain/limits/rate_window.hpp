// The window of a carrier's rate: the grants of SMS parts within a second, over all workers. A
// store keeps the grants (in memory, or as an item that all machines share); the rule stands here.
// Pure. For the time at which a message goes on the wire see pacer.hpp.
#pragma once

#include <deque>

#include "domain/time.hpp"

namespace postrider::domain {

/// Parts that were granted at one time.
struct RateGrant {
  TimePoint at;
  int parts = 0;
};

/// The answer to a request for parts: the granted parts, and the wait until the others may go.
struct PartsGrant {
  int parts = 0;      // may be submitted now
  Milliseconds wait;  // until more may go; 0 where all were granted
};

class RateWindow {
 public:
  /// `parts_per_second` > 0. `grants`: as they were kept, oldest first.
  explicit RateWindow(int parts_per_second, std::deque<RateGrant> grants = {})
      : limit_{parts_per_second}, grants_{std::move(grants)} {}

  /// Takes between `min` and `max` parts, or none: the parts of one message go out together. Never
  /// more than the limit in any second, except for one message that is longer than the limit: it
  /// waits for an idle second and then uses up the seconds that follow. Grants dated by a clock
  /// that was ahead count from `now` on.
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
