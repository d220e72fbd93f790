// The outcome of a message that a carrier's HTTP answer stands for. Pure. The tables of statuses
// are in the source.
#pragma once

#include "ports/sms_carrier.hpp"
#include "wire/http_connection.hpp"

namespace postrider::adapters::http_carrier {

inline constexpr domain::Milliseconds default_retry_after{1'000};
inline constexpr domain::Milliseconds longest_retry_after{300'000};

/// The outcome by status. 2xx with {"message_id"}: accepted; any other 2xx, 1xx, 3xx, 5xx: unknown.
/// 429: throttled. 401, 402, 403: our account's problem. Any other 4xx: refused, with {"code",
/// "permanent", "opted_out"} of the body where it has them. A body that only the end of the
/// connection ended is whole when it is a JSON object.
ports::SmsOutcome outcome_of(const wire::HttpAnswer& answer);

}  // namespace postrider::adapters::http_carrier
