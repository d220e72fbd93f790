#include "adapters/aws/dynamodb/upkeep/abandoned_reservations.hpp"

#include <algorithm>

#include "adapters/aws/dynamodb/notification_item.hpp"

namespace postrider::adapters::aws::dynamodb {
namespace {

// Longer than any claim: Lambda ends an invocation after fifteen minutes.
constexpr std::chrono::hours longest_claim{1};

}  // namespace

domain::Result<int> AbandonedReservations::release() {
  const auto before = database_.now() - longest_claim;
  int closed = 0;
  std::optional<domain::Error> first;  // one that can't be closed stops no other
  for (const int month : {domain::month_of(database_.now()),
                          domain::month_of(database_.now() - std::chrono::days{28})}) {
    const auto abandoned = budget_.abandoned(month, before);
    if (!abandoned) {
      first = abandoned.error();
      continue;
    }
    for (const auto& open : *abandoned) {
      const auto unused = unclaimed(open);
      const auto done = unused ? budget_.close(open.reservation, *unused) : unused.error();
      closed += done.has_value();
      if (!done && !first) first = done.error();
    }
  }
  if (first) return *std::move(first);
  return closed;
}

domain::Result<domain::Money> AbandonedReservations::unclaimed(const OpenReservation& open) {
  std::vector<Key> keys;
  for (const auto& id : open.holders) keys.push_back({database_.tables().log, log_key(id)});
  const auto found = database_.get(keys);
  if (!found) return found.error();
  domain::Money sum;
  for (const auto& notification : *found)
    if (notification && unreadable_attribute(*notification).empty() &&
        !has_reservation(*notification, open.reservation.id))
      sum += money_of(*notification, "estimate");
  return std::min(sum, open.reservation.amount);
}

}  // namespace postrider::adapters::aws::dynamodb
