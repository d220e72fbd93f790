// The pacer: gives each message the time at which it may go on the wire, so that no second has more
// SMS parts than the carrier permits; messages claimed in different seconds may otherwise meet. For
// the thread that writes. For the rate of claims see ports/allowance.hpp.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "domain/time.hpp"

namespace postrider::domain {

class Pacer {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// A little more than a second, so that a slow and a fast message do not meet in one second at
  /// the carrier.
  static constexpr Milliseconds window{1020};
  /// The time for which `parts` that go at once count: parts over the limit count for as many
  /// windows as they would have taken. Neither may be 0.
  static constexpr Milliseconds counts_for(int parts, int limit) {
    return window * ((parts + limit - 1) / limit);
  }

  /// `parts_per_second` 0: no limit.
  explicit Pacer(int parts_per_second) : limit_{parts_per_second} {}

  /// Books the earliest time, `now` or later, at which a message of `parts` (at least 1) may go, in
  /// the order of the calls. nullopt, and nothing booked, where that time is `deadline` or later. A
  /// message longer than the limit waits for an idle window and uses up as many windows as it
  /// needs.
  std::optional<Time> book(int parts, Time now, Time deadline);

 private:
  struct Booking {
    Time at;
    int parts;
  };
  Time leaves(const Booking& booking) const {
    return booking.at + counts_for(booking.parts, limit_);
  }

  const int limit_;
  std::deque<Booking> booked_;  // by time: of the last window and of the future
  int within_ = 0;              // the parts of booked_
};

}  // namespace postrider::domain
