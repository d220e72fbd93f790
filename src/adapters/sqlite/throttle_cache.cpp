#include "adapters/sqlite/throttle_cache.hpp"

#include <algorithm>
#include <bit>

namespace postrider::adapters::sqlite {
namespace {

using domain::Milliseconds;
using domain::TimePoint;

constexpr const char* select_passes =
    "SELECT person, released_at FROM notifications WHERE released_at > ? AND person IS NOT NULL"
    " ORDER BY released_at DESC LIMIT ?";

// Clocks of threads differ a little, and the fill is to serve all of them.
constexpr Milliseconds slack{60'000};
constexpr std::size_t fewest_places = 1024;
constexpr std::int64_t taken_back = 1;  // a time before every window

}  // namespace

domain::Schedule ThrottleCache::plan(Connection& writer, const domain::Notification& n,
                                     std::int64_t person, const domain::Throttle& throttle) {
  if (!domain::is_counted(n)) return domain::schedule_of(n, std::nullopt);
  if (throttle.limit == 0) {
    clear();
    return domain::schedule_of(n, std::nullopt);
  }
  const auto start = n.created_at - throttle.window;
  start_ = domain::to_unix_ms(start);
  if (throttle.window != window_ || start_ < filled_from_) fill(writer, start, throttle.window);
  return domain::schedule_of(n, domain::throttle_room(times_of(person, start), n, throttle));
}

void ThrottleCache::moved(std::int64_t person, Time from, Time to) {
  if (window_ == Milliseconds{0}) return;
  if (from)
    for (auto i = place_of(person); places_[i].at != 0; i = after(i))
      if (places_[i].person == person && places_[i].at == domain::to_unix_ms(*from)) {
        places_[i].at = taken_back;
        break;
      }
  if (to) add({person, domain::to_unix_ms(*to)});
}

void ThrottleCache::clear() {
  window_ = Milliseconds{0};
  filled_from_ = 0;
  places_ = {};
  used_ = 0;
}

void ThrottleCache::fill(Connection& writer, TimePoint start, Milliseconds window) {
  clear();
  places_.resize(fewest_places);
  window_ = window;
  filled_from_ = domain::to_unix_ms(start - slack);
  auto row = writer.query(select_passes, start - slack, static_cast<std::int64_t>(max_passes / 2));
  while (row.row()) add({row.integer(0), row.integer(1)});
}

void ThrottleCache::add(Pass pass) {
  if (2 * (used_ + 1) > places_.size()) rebuild();
  auto i = place_of(pass.person);
  while (places_[i].at != 0) i = after(i);
  places_[i] = pass;
  ++used_;
}

/// Drops what has left the window, and makes room.
void ThrottleCache::rebuild() {
  const auto from = std::max(filled_from_, start_ - slack.count());
  auto kept = std::move(places_);
  std::erase_if(kept, [from](const Pass& pass) { return pass.at <= from; });
  if (kept.size() >= max_passes) {
    const auto middle = kept.begin() + max_passes / 2;
    std::nth_element(kept.begin(), middle, kept.end(),
                     [](const Pass& a, const Pass& b) { return a.at > b.at; });
    kept.erase(middle, kept.end());
  }
  places_.assign(std::bit_ceil(std::max(fewest_places, 4 * kept.size())), Pass{});
  used_ = 0;
  filled_from_ = from;
  for (const auto& pass : kept) add(pass);
}

std::size_t ThrottleCache::place_of(std::int64_t person) const {
  return static_cast<std::size_t>(person) & (places_.size() - 1);
}

/// The times after `start` at which notifications to this person pass, ascending.
const std::vector<TimePoint>& ThrottleCache::times_of(std::int64_t person, TimePoint start) {
  times_.clear();
  for (auto i = place_of(person); places_[i].at != 0; i = after(i))
    if (places_[i].person == person && places_[i].at > domain::to_unix_ms(start))
      times_.push_back(domain::from_unix_ms(places_[i].at));
  std::sort(times_.begin(), times_.end());
  return times_;
}

}  // namespace postrider::adapters::sqlite
