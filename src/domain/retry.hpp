// Exponential backoff with full jitter: a try waits a time spread evenly over [0, base · 2^(n-1)].
// The spread comes from the notification's id, so a simulation repeats exactly.
#pragma once

#include "domain/notification_id.hpp"
#include "domain/time.hpp"

namespace postrider::domain {

/// Wait before the try after `tries_used` tries (≥ 1); never more than `cap`, never less than 1 ms.
Milliseconds backoff(const NotificationId& id, int tries_used, Milliseconds base, Milliseconds cap);

}  // namespace postrider::domain
