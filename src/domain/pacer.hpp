// When each message may go on the wire, so that no second ever has more SMS parts than the carrier
// permits: what was claimed in one second may otherwise meet what was claimed in the next. Belongs
// to the thread that writes. For the rate of claims see ports/allowance.hpp.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "domain/time.hpp"

namespace postrider::domain {

class Pacer {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// A little more than a second, so that two messages that travel slow and fast do not meet in one
  /// second at the carrier.
  static constexpr Milliseconds window{1020};
  /// How long `parts` that go at once count: those over the limit for as many windows as they would
  /// have taken. Neither may be 0.
  static constexpr Milliseconds counts_for(int parts, int limit) {
    return window * ((parts + limit - 1) / limit);
  }

  /// `parts_per_second` 0: no limit.
  explicit Pacer(int parts_per_second) : limit_{parts_per_second} {}

  /// The earliest time, `now` or later, at which a message of `parts` (at least 1) may go; the time
  /// is then taken, in the order of the calls. nullopt, and nothing taken, when that would be at
  /// `by` or later. A message longer than the limit waits for an idle window and uses up as many as
  /// it would have needed.
  std::optional<Time> book(int parts, Time now, Time by);

 private:
  struct Booking {
    Time at;
    int parts;
  };
  Time leaves(const Booking& booking) const {
    return booking.at + counts_for(booking.parts, limit_);
  }

  const int limit_;
  std::deque<Booking> booked_;  // by time, of the last window and to come
  int within_ = 0;              // parts in them
};

}  // namespace postrider::domain
