// Queries of notifications: due ones, and those that people look up. They never change anything and
// may run beside the writer on connections of their own. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/delivery/chain.hpp"
#include "domain/notification.hpp"
#include "domain/result.hpp"

namespace postrider::ports {

/// A notification whose time has come.
struct Due {
  domain::NotificationId id;
  int segments = 0;
  domain::Priority priority = domain::Priority::normal;
};

/// The filter of list(). At most one of order_id, customer_id and state is needed; several narrow
/// each other.
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

  /// The due notifications in `state`, at most `limit` (1 or more): high priority first, then
  /// normal, each the longest due first, in the numbers of domain::share_of_due().
  virtual domain::Result<std::vector<Due>> due(domain::State state, domain::TimePoint now,
                                               int limit) = 0;

  /// The due notification in `state` that became due last, a normal one before one of high
  /// priority; nullopt where none is due. A message that a probe may cost is told by e-mail after
  /// the wait for its receipt: so the customer who has waited shortest waits for that.
  virtual domain::Result<std::optional<Due>> newest_due(domain::State state,
                                                        domain::TimePoint now) = 0;

  /// The time at which the next notification becomes due, in any state that time moves; nullopt
  /// where there is none.
  virtual domain::Result<std::optional<domain::TimePoint>> next_due() = 0;

  /// A page of notifications, newest first. Error `invalid` for a cursor that this query never
  /// gave. 1 ≤ limit ≤ 500.
  virtual domain::Result<Page> list(const Filter& filter, int limit, const std::string& cursor) = 0;

  /// A notification with its history; nullopt where none has this id.
  virtual domain::Result<std::optional<domain::NotificationDetails>> details(
      const domain::NotificationId& id) = 0;

  /// The facts about the chain of each of `batch` at `now`. An index that lags may leave out what
  /// was taken in last.
  virtual domain::Result<std::vector<domain::ChainFacts>> chains(
      std::span<const domain::Notification> batch, domain::TimePoint now) = 0;

  /// The number of notifications in each state.
  virtual domain::Result<std::map<domain::State, std::int64_t>> counts() = 0;
};

}  // namespace postrider::ports
