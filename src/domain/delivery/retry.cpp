#include "domain/delivery/retry.hpp"

#include <algorithm>

namespace postrider::domain {

Milliseconds backoff(const NotificationId& id, int tries_used, Milliseconds base,
                     Milliseconds cap) {
  constexpr int max_doublings = 20;  // 2^20 times any base is past every cap
  const int doublings = std::clamp(tries_used - 1, 0, max_doublings);
  const auto ceiling = std::min(base * (std::int64_t{1} << doublings), cap);
  const auto width = static_cast<std::uint64_t>(std::max<std::int64_t>(ceiling.count(), 1));
  return Milliseconds{
      1 + static_cast<std::int64_t>(spread(id, static_cast<std::uint64_t>(tries_used), width))};
}

}  // namespace postrider::domain
