// The report of one round of a worker. A plain value.
#pragma once

#include <vector>

#include "domain/notification_id.hpp"
#include "domain/time.hpp"

namespace postrider::pipeline {

struct Round {
  int handled = 0;  // notifications looked at
  domain::Milliseconds wait{
      0};                  // the next round is useless before this has passed; 0: go on at once
  bool for_place = false;  // or before a message that is under way has ended
  /// What the store could not write, while it wrote the others: they have to come again.
  std::vector<domain::NotificationId> failed = {};
};

}  // namespace postrider::pipeline
