// The limits of what grows with one notification, message or customer, the same in all homes. A
// store may keep each in one item: together they stay far below the 400 KB that DynamoDB takes.
// Pure.
#pragma once

#include <vector>

#include "domain/notification.hpp"

namespace postrider::domain {

/// Entries of a history: of a longer one the first ones and the newest are shown.
inline constexpr std::size_t max_history = 200;

/// Drops the entries before the newest that are too many.
inline void shorten(std::vector<HistoryEntry>& history) {
  if (history.size() > max_history)
    history.erase(history.begin() + (max_history - 1), history.end() - 1);
}

/// Times of messages to one person that a throttle window keeps, the newest: a higher limit of an
/// hour is none.
inline constexpr std::size_t max_throttle_times = 5000;

/// Receipts of one message that the inbox keeps; more are left out. A delivery always finds room,
/// so that the news that counts is never lost to noise.
constexpr int max_kept_receipts(ReceiptOutcome outcome) {
  return outcome == ReceiptOutcome::delivered ? 30 : 20;
}

}  // namespace postrider::domain
