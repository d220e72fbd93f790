#include "adapters/sqlite/throttle_cache.hpp"

#include <algorithm>

namespace postrider::adapters::sqlite {
namespace {

using domain::Milliseconds;

constexpr const char* select_released =
    "SELECT released_at FROM notifications WHERE person = ? AND released_at > ?"
    " ORDER BY released_at";

}  // namespace

ThrottleCache::Times& ThrottleCache::times_of(Connection& writer, std::int64_t person,
                                              domain::TimePoint start) {
  const auto [found, fresh] = people_.try_emplace(person);
  auto& times = found->second;
  if (fresh) {
    auto row = writer.query(select_released, person, start);
    while (row.row()) times.push_back(row.time(0));
  }
  times.erase(times.begin(), std::upper_bound(times.begin(), times.end(), start));
  return times;
}

domain::Schedule ThrottleCache::plan(Connection& writer, const domain::Notification& n,
                                     std::int64_t person, const domain::Throttle& throttle) {
  if (!domain::is_counted(n)) return domain::schedule_of(n, std::nullopt);
  if (throttle.limit == 0) {
    forget(person);
    return domain::schedule_of(n, std::nullopt);
  }
  if (throttle.window != window_ || people_.size() >= max_people) clear();
  window_ = throttle.window;
  const auto& times = times_of(writer, person, n.created_at - window_);
  return domain::schedule_of(n, domain::throttle_room(times, n, throttle));
}

void ThrottleCache::passed(std::int64_t person, const domain::Schedule& plan) {
  if (!plan.released_at || window_ == Milliseconds{0}) return;
  const auto found = people_.find(person);
  if (found == people_.end()) return;
  auto& times = found->second;
  times.insert(std::upper_bound(times.begin(), times.end(), *plan.released_at), *plan.released_at);
}

}  // namespace postrider::adapters::sqlite
