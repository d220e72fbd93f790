// The window of a carrier's rate: the grants of SMS parts within a second, over all workers, and
// the urgent messages that found no room. A store keeps both (in memory, or as an item that all
// machines share); the rule stands here. Pure. For the time at which a message goes on the wire see
// pacer.hpp.
#pragma once

#include <cstddef>
#include <deque>
#include <span>

#include "domain/time.hpp"

namespace postrider::domain {

/// Parts that were granted at one time.
struct RateGrant {
  TimePoint at;
  int parts = 0;
  int urgent = 0;  // of them, for urgent messages
};

/// Parts of urgent messages that were refused at one time.
struct RateRefusal {
  TimePoint at;
  int parts = 0;
};

/// A request for parts, one number a message, in the order in which the messages would go: urgent
/// ones first, and of those the ones that were refused before.
struct PartsRequest {
  std::span<const int> messages;  // parts of each, at least 1
  std::size_t urgent = 0;         // of `messages`
  std::size_t again = 0;          // of the urgent ones: refused before
};

/// The answer to a request: how many of its messages may go, and the wait until others may.
struct PartsGrant {
  std::size_t messages = 0;  // the first ones, which may be submitted now
  int parts = 0;             // of these
  TimePoint at = {};         // names the grant when parts are given back
  Milliseconds wait{0};      // until more may go; 0 where all were granted
};

/// The grant of a request where there is no limit: all of it.
PartsGrant unlimited(const PartsRequest& request, TimePoint now);

class RateWindow {
 public:
  /// The time for which room is kept for a refused urgent message that does not come again: it
  /// comes after a second or two, unless it was lost.
  static constexpr Milliseconds refusal_counts_for{5'000};

  /// `parts_per_second` > 0. `grants` and `refusals`: as they were kept, oldest first.
  explicit RateWindow(int parts_per_second, std::deque<RateGrant> grants = {},
                      std::deque<RateRefusal> refusals = {})
      : limit_{parts_per_second}, grants_{std::move(grants)}, refusals_{std::move(refusals)} {}

  /// Grants the first messages of the request that fit; the parts of one go out together. Never
  /// more than the limit in any second, except for one message that is longer than the limit: it
  /// waits for an idle second and then uses up the seconds that follow. While urgent messages are
  /// refused, normal ones leave them the parts they asked for, and one more; where urgent ones
  /// fill the window, a fifth of the rate is for normal ones. What is dated by a clock that was
  /// ahead counts from `now` on.
  PartsGrant take(const PartsRequest& request, TimePoint now);

  /// Gives back parts of the grant made at `at` that were not submitted, and of no other. Returns
  /// the number given back: none where that grant is no longer in the window.
  int take_back(int parts, TimePoint at);

  const std::deque<RateGrant>& grants() const { return grants_; }
  /// Of the urgent messages that wait for parts.
  const std::deque<RateRefusal>& refusals() const { return refusals_; }

 private:
  TimePoint leaves(const RateGrant& grant) const;
  int granted() const;
  int refused() const;
  int kept_for_urgent() const;
  void forget(TimePoint now);
  void forget_refused(int parts);
  void refuse(int parts, TimePoint now);
  bool fits(int parts, bool urgent, const RateGrant& taken) const;
  Milliseconds wait_for(int parts, bool urgent, TimePoint now) const;

  const int limit_;
  std::deque<RateGrant> grants_;
  std::deque<RateRefusal> refusals_;
};

}  // namespace postrider::domain
