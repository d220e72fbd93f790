// The schedule of a notification at intake: it goes at once, when the throttle has room, or when
// quiet hours end. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/delivery/change.hpp"
#include "domain/notification.hpp"

namespace postrider::domain {

/// At most `limit` notifications to one person pass in any `window`; 0: no limit.
struct Throttle {
  int limit = 0;
  Milliseconds window = std::chrono::hours{1};
};

/// The person to whom `n` goes, as the throttle counts people within a shop and mode: by phone
/// number, else by e-mail address, else by the customer's id. Guests of a shop share an id.
std::string person_of(const Notification& n);

/// False where the notification goes to nobody, or has gone: the throttle doesn't count it.
bool is_counted(const Notification& n);

/// The time at which the throttle has room for `n`; nullopt: now. `passed`: the times at which
/// other notifications to the person passed or will pass, within the window before `n` was
/// created, ascending. Urgent notifications always pass.
std::optional<TimePoint> throttle_room(std::span<const TimePoint> passed, const Notification& n,
                                       const Throttle& throttle);

/// The state in which a notification is stored, and the times that go with it.
struct Schedule {
  State state = State::accepted;
  std::optional<TimePoint> due_at;
  std::optional<TimePoint> released_at;  // when the throttle counts it; none: never
  std::string_view cause;                // of the first entry of the history
};

/// The schedule of `n`. `room`: the time at which the throttle lets it pass; nullopt: now. A
/// notification that would pass too late for an SMS leaves the queue as soon as that is certain.
/// One that can go by e-mail only waits likewise.
Schedule schedule_of(const Notification& n, std::optional<TimePoint> room);

/// The time at which the throttle counts a deferred notification after `change`: the time at which
/// it goes on, or never. Only for changes from `deferred`.
std::optional<TimePoint> released_after(const Change& change);

}  // namespace postrider::domain
