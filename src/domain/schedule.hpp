// The schedule of a notification that is taken in: whether it may go at once, when the throttle has
// room, or when quiet hours end. Pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "domain/change.hpp"
#include "domain/notification.hpp"

namespace postrider::domain {

/// At most `limit` notifications of one customer pass in any `window`; 0: no limit.
struct Throttle {
  int limit = 0;
  Milliseconds window = std::chrono::hours{1};
};

/// When the throttle has room for `n`; nullopt: now. `passed`: when the customer's others passed or
/// will pass within the window before `n` was created, ascending. What is urgent always passes.
std::optional<TimePoint> throttle_room(std::span<const TimePoint> passed, const Notification& n,
                                       const Throttle& throttle);

struct Schedule {
  State state = State::accepted;
  std::optional<TimePoint> due_at;
  std::optional<TimePoint> released_at;  // when the throttle counts it; none: not at all
  std::string_view cause;                // of the first line of its history
};

/// `room`: when the throttle lets it pass; nullopt: now. One that would pass too late for an SMS
/// leaves the queue as soon as that is certain. What does not go by SMS is not throttled.
Schedule schedule_of(const Notification& n, std::optional<TimePoint> room);

/// When the throttle counts a deferred notification after this change: from when it wakes on, or
/// not at all. Only for changes from `deferred`.
std::optional<TimePoint> released_after(const Change& change);

}  // namespace postrider::domain
