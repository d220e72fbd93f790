#include "adapters/sqlite/throttle_cache.hpp"

#include <algorithm>

namespace postrider::adapters::sqlite {
namespace {

using domain::Milliseconds;
using domain::State;

constexpr const char* select_released =
    "SELECT n.released_at FROM contents c JOIN notifications n ON n.seq = c.seq"
    " WHERE c.customer_id = ? AND c.shop = ? AND c.mode = ? AND c.created_at > ?"
    " AND n.released_at > ?";

}  // namespace

const std::string& ThrottleCache::key_of(std::string_view shop, domain::Mode mode,
                                         std::string_view customer) {
  key_.assign(mode == domain::Mode::live ? "l" : "t").append(shop).append(1, '\0').append(customer);
  return key_;
}

ThrottleCache::Times& ThrottleCache::times_of(Connection& writer, const domain::Notification& n) {
  const auto start = n.created_at - window_;
  const auto [found, fresh] = customers_.try_emplace(key_of(n.shop, n.mode, n.customer_id));
  auto& times = found->second;
  if (fresh) {
    // One that waits was taken in up to `not_after` earlier than the time it passes.
    const auto longest_wait = n.not_after - n.created_at;
    auto row =
        writer.query(select_released, n.customer_id, n.shop, n.mode, start - longest_wait, start);
    while (row.row()) times.push_back(row.time(0));
    std::sort(times.begin(), times.end());
  }
  times.erase(times.begin(), std::upper_bound(times.begin(), times.end(), start));
  return times;
}

domain::Schedule ThrottleCache::plan(Connection& writer, const domain::Notification& n,
                                     const domain::Throttle& throttle) {
  if (n.state != State::accepted) return domain::schedule_of(n, std::nullopt);
  if (throttle.limit == 0) {
    forget(n.shop, n.mode, n.customer_id);
    return domain::schedule_of(n, std::nullopt);
  }
  if (throttle.window != window_ || customers_.size() >= max_customers) clear();
  window_ = throttle.window;
  return domain::schedule_of(n, domain::throttle_room(times_of(writer, n), n, throttle));
}

void ThrottleCache::passed(const domain::Notification& n, const domain::Schedule& plan) {
  if (!plan.released_at || window_ == Milliseconds{0}) return;
  const auto found = customers_.find(key_of(n.shop, n.mode, n.customer_id));
  if (found == customers_.end()) return;
  auto& times = found->second;
  times.insert(std::upper_bound(times.begin(), times.end(), *plan.released_at), *plan.released_at);
}

void ThrottleCache::forget(std::string_view shop, domain::Mode mode, std::string_view customer) {
  if (!customers_.empty()) customers_.erase(key_of(shop, mode, customer));
}

}  // namespace postrider::adapters::sqlite
