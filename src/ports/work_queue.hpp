// Tells the workers that something is due. On one machine the due index is the queue and this only
// wakes the dispatcher; on AWS it sends to SQS. Losing an offer delays a message, never loses it:
// the sweeper finds what nobody was told of.
#pragma once

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
  };
  virtual void offer(std::span<const Item> items) = 0;
};

}  // namespace postrider::ports
