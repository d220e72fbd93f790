// The queue of due work. On one machine the due index is the queue and an offer only wakes the
// dispatcher; on AWS an offer goes to SQS. A lost offer delays a message and never loses it: the
// sweeper offers undelivered work again. Thread-safe.
#pragma once

#include <optional>
#include <span>

#include "domain/notification.hpp"

namespace postrider::ports {

class WorkQueue {
 public:
  virtual ~WorkQueue() = default;
  struct Item {
    domain::NotificationId id;
    domain::Channel channel = domain::Channel::sms;
    domain::Priority priority = domain::Priority::normal;
    domain::TimePoint due_at;
    int segments = 1;  // of the SMS
    /// The time from which the sweeper offers the item again, so that no copy has to wait in the
    /// queue.
    std::optional<domain::TimePoint> sweeper_at = std::nullopt;
    /// Put off by the rate, which keeps room for an urgent one until it comes again.
    bool refused_by_rate = false;

    /// For an item that has to wait: false where the sweeper comes before the item is due.
    /// Otherwise each of the sweeper's offers would add one more copy for as long as a breaker is
    /// held.
    bool stays_in_queue() const { return !sweeper_at || due_at < *sweeper_at; }
  };
  /// Offers due items to the workers. A failure is not reported: the sweeper offers again.
  virtual void offer(std::span<const Item> items) = 0;
};

}  // namespace postrider::ports
