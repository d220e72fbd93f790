// When a notification that is taken in may go: at once, when the throttle has room, or when quiet
// hours end. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "domain/notification.hpp"

namespace postrider::domain {

struct Turn {
  State state = State::accepted;
  std::optional<TimePoint> due_at;
  std::optional<TimePoint> released_at;  // counts in the throttle then; none: not at all
  std::string_view cause;                // of the first line of its history
};

/// `room`: when the throttle lets it pass; nullopt: now. One that would pass too late for an SMS
/// leaves the queue as soon as that is certain. What does not go by SMS is not throttled.
Turn turn_of(const Notification& n, std::optional<TimePoint> room);

}  // namespace postrider::domain
