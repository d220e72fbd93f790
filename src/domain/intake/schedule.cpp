#include "domain/intake/schedule.hpp"

#include <algorithm>

namespace postrider::domain {

std::optional<TimePoint> throttle_room(std::span<const TimePoint> passed, const Notification& n,
                                       const Throttle& throttle) {
  const auto limit = static_cast<std::size_t>(throttle.limit);
  if (limit == 0 || passed.size() < limit || n.priority == Priority::high) return std::nullopt;
  return passed[passed.size() - limit] + throttle.window;
}

Schedule schedule_of(const Notification& n, std::optional<TimePoint> room) {
  const auto given = n.reason.empty() ? std::string_view{"accepted"} : std::string_view{n.reason};
  if (n.state != State::accepted) return {n.state, n.due_at, std::nullopt, given};
  // In quiet hours the notification waits for their end; the throttle counts it from then on.
  const auto at =
      std::max({n.due_at.value_or(n.created_at), n.created_at, room.value_or(n.created_at)});
  if (at <= n.created_at) return {n.state, n.due_at, n.created_at, given};
  const auto cause = quiet_until(n.content.quiet, n.created_at) ? "quiet_hours" : "throttled";
  if (at > n.not_after)
    return {State::deferred, n.not_after + Milliseconds{1}, std::nullopt, cause};
  return {State::deferred, at, at, cause};
}

std::optional<TimePoint> released_after(const Change& change) {
  return change.to == State::accepted ? std::optional{change.at} : std::nullopt;
}

}  // namespace postrider::domain
