// Tells the workers that something is due. On one machine the due index is the queue and this only
// wakes the dispatcher; on AWS it sends to SQS. Losing an offer delays a message, never loses it:
// the sweeper finds what nobody was told of.
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
    /// From when on the sweeper offers it again, so that no copy has to wait in the queue.
    std::optional<domain::TimePoint> sweeper_at = std::nullopt;

    /// For what has to wait: false where the sweeper comes before it is due. Without this each of
    /// the sweeper's offers would be one more copy, for as long as a line is closed.
    bool stays_in_queue() const { return !sweeper_at || due_at < *sweeper_at; }
  };
  virtual void offer(std::span<const Item> items) = 0;
};

}  // namespace postrider::ports
