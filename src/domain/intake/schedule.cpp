#include "domain/intake/schedule.hpp"

#include <algorithm>

namespace postrider::domain {

std::string person_of(const Notification& n) {
  const auto& content = n.content;
  if (!content.phone.empty()) return "phone " + content.phone;
  if (content.email.empty()) return "customer " + n.customer_id;
  std::string person = "email " + content.email;
  for (char& c : person)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return person;
}

bool is_counted(const Notification& n) {
  return n.state == State::accepted || n.state == State::email_due;
}

std::optional<TimePoint> throttle_room(std::span<const TimePoint> passed, const Notification& n,
                                       const Throttle& throttle) {
  const auto limit = static_cast<std::size_t>(throttle.limit);
  if (limit == 0 || passed.size() < limit || n.priority == Priority::high) return std::nullopt;
  return passed[passed.size() - limit] + throttle.window;
}

Schedule schedule_of(const Notification& n, std::optional<TimePoint> room) {
  const auto given = n.reason.empty() ? std::string_view{"accepted"} : std::string_view{n.reason};
  if (!is_counted(n)) return {n.state, n.due_at, std::nullopt, given};
  // In quiet hours an SMS waits for their end; the throttle counts it from then on.
  const auto due = n.state == State::accepted ? n.due_at.value_or(n.created_at) : n.created_at;
  const auto at = std::max({due, n.created_at, room.value_or(n.created_at)});
  if (at <= n.created_at) return {n.state, n.due_at, n.created_at, given};
  const auto cause = quiet_until(n.content.quiet, n.created_at) ? "quiet_hours" : "throttled";
  if (at > n.not_after)
    return {State::deferred, n.not_after + Milliseconds{1}, std::nullopt, cause};
  return {State::deferred, at, at, cause};
}

std::optional<TimePoint> released_after(const Change& change) {
  return change.to == State::superseded ? std::nullopt : std::optional{change.at};
}

}  // namespace postrider::domain
