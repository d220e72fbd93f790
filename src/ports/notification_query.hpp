// Reads of notifications: what is due, and what people look up. Never changes anything; may run
// beside the writer on connections of its own. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/notification.hpp"
#include "domain/result.hpp"

namespace postrider::ports {

struct Due {
  domain::NotificationId id;
  int segments = 0;
};

/// At most one of order_id, customer_id, state is needed; several narrow each other. Newest first.
struct Filter {
  std::optional<std::string> order_id;
  std::optional<std::string> customer_id;
  std::optional<domain::State> state;
  std::optional<domain::TimePoint> from;  // created at or after
  std::optional<domain::TimePoint> to;    // created before
};

struct Page {
  std::vector<domain::Notification> notifications;
  std::string next_cursor;  // empty: no more
};

class NotificationQuery {
 public:
  virtual ~NotificationQuery() = default;

  /// Ids in `state` whose time has come, high priority first (but at most four fifths of `limit`
  /// while normal ones wait, so that those do not starve), then the longest due.
  virtual domain::Result<std::vector<Due>> due(domain::State state, domain::TimePoint now,
                                               int limit) = 0;

  /// The time of the next due one in any of the moving states; nullopt when there is none.
  virtual domain::Result<std::optional<domain::TimePoint>> next_due() = 0;

  /// Error `invalid` for a cursor that this query never gave. 1 ≤ limit ≤ 500.
  virtual domain::Result<Page> list(const Filter& filter, int limit, const std::string& cursor) = 0;

  virtual domain::Result<std::optional<domain::NotificationDetails>> details(
      const domain::NotificationId& id) = 0;

  /// True where a notification of another status of the same order, shop and mode is newer: by
  /// `occurred_at` where both have it, else by intake order. Two parcels of one order are each
  /// `shipped`, and neither makes the other needless.
  virtual domain::Result<std::vector<bool>> has_newer(
      std::span<const domain::Notification> batch) = 0;

  /// How many notifications are in each state.
  virtual domain::Result<std::map<domain::State, std::int64_t>> counts() = 0;
};

}  // namespace postrider::ports
