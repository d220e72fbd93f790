// The policy of the pipeline: its waiting times, limits and numbers of tries, with their defaults.
// A plain value.
#pragma once

#include <optional>

#include "domain/intake/order_event.hpp"
#include "domain/money.hpp"
#include "domain/time.hpp"

namespace postrider::domain {

/// The limits of the money for SMS: spent + reserved never passes either.
struct Limits {
  Money monthly{1'000'000'000};               // 1,000 USD, in a month of UTC
  std::optional<Money> daily = std::nullopt;  // in a day of UTC; none: no limit
};

struct Policy {
  Milliseconds sms_not_after = std::chrono::hours{12};  // from intake: how long SMS is worth trying
  Milliseconds receipt_wait = std::chrono::minutes{15};  // from submission to "undelivered"
  Milliseconds sms_lease = std::chrono::seconds{60};    // then a claim without an answer is unknown
  Milliseconds email_lease = std::chrono::seconds{60};  // then a claimed mail is sent once more
  int sms_tries = 3;                                    // definite refusals of one message
  Milliseconds sms_backoff = std::chrono::seconds{5};   // doubled per try, full jitter
  Milliseconds email_backoff = std::chrono::seconds{30};
  Milliseconds email_give_up = std::chrono::hours{24};  // waits for one recipient, together
  Milliseconds backoff_cap = std::chrono::minutes{30};
  int throttle_per_hour = 10;  // notifications of one customer in `throttle_window`; 0: no limit
  Milliseconds throttle_window = std::chrono::hours{1};
  Milliseconds retention = std::chrono::days{30};
  Milliseconds receipt_inbox_wait = std::chrono::hours{72};
  Limits limits;
  int max_price_factor = 10;  // how far a receipt's price may be from the estimate to be booked
};

}  // namespace postrider::domain
