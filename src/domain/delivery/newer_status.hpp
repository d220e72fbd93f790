// The rule by which a notification is superseded: a newer status of the same order. Pure. A store
// gathers the places of the order's notifications; the rule stands here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/time.hpp"

namespace postrider::domain {

/// The place of a notification among those of the same order, shop and mode. Its text is the
/// caller's.
struct StatusPlace {
  std::string_view status;
  std::optional<TimePoint> occurred_at;  // as the shop reported it
  std::int64_t intake = 0;               // grows with every notification that a store takes
};

/// True where `other` is newer than `own` and of another status: by the time of the event where
/// both have one and the times differ, else by intake. Two parcels of one order are each `shipped`,
/// and neither replaces the other.
constexpr bool is_newer_status(const StatusPlace& other, const StatusPlace& own) {
  if (other.status == own.status) return false;
  if (other.occurred_at && own.occurred_at && *other.occurred_at != *own.occurred_at)
    return *other.occurred_at > *own.occurred_at;
  return other.intake > own.intake;
}

}  // namespace postrider::domain
