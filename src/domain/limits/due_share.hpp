// The share of urgent and of normal notifications in a batch of due ones. Pure; every store applies
// it. Urgent ones go first, but never take a whole batch while normal ones wait.
#pragma once

#include <algorithm>
#include <cstddef>

namespace postrider::domain {

/// Numbers of notifications by their priority.
struct DueShare {
  std::size_t high = 0;
  std::size_t normal = 0;

  friend bool operator==(const DueShare&, const DueShare&) = default;
};

/// The number of each priority in a batch of at most `limit`, when `waiting` are due: urgent ones
/// first, but at most four fifths of `limit` (and at least one) while normal ones wait. A place
/// that one priority leaves goes to the other.
constexpr DueShare share_of_due(const DueShare& waiting, std::size_t limit) {
  const auto max_high = std::max<std::size_t>(1, limit * 4 / 5);
  const auto left_by_normal = limit - std::min(limit, waiting.normal);
  const auto high = std::min({waiting.high, limit, std::max(max_high, left_by_normal)});
  return {high, std::min(waiting.normal, limit - high)};
}

}  // namespace postrider::domain
