// Exponential backoff with full jitter: the wait of a try is spread evenly over [0, base ·
// 2^(n-1)]. The spread comes from the notification's id, so a simulation repeats exactly. Pure.
#pragma once

#include "domain/notification_id.hpp"
#include "domain/time.hpp"

namespace postrider::domain {

/// The wait before the next try after `tries_used` tries (≥ 1): at most `cap`, at least 1 ms.
Milliseconds backoff(const NotificationId& id, int tries_used, Milliseconds base, Milliseconds cap);

}  // namespace postrider::domain
