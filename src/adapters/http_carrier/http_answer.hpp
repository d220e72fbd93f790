// What a carrier's HTTP answer means for one message. Pure. The table of statuses is in the source.
#pragma once

#include <string>

#include "ports/sms_carrier.hpp"

namespace postrider::adapters::http_carrier {

struct HttpAnswer {
  int status = 0;
  std::string retry_after;  // the header's value
  std::string body;
  /// The length of the body was announced and all of it came. False where only the end of the
  /// connection ended it: then a whole JSON object proves the end, anything else may be a half.
  bool length_known = true;
};

inline constexpr domain::Milliseconds default_retry_after{1'000};
inline constexpr domain::Milliseconds longest_retry_after{300'000};

/// 2xx with {"message_id"}: accepted; any other 2xx, 1xx, 3xx, 5xx: unknown. 429: throttled. 401,
/// 402, 403: our account's problem. Any other 4xx: refused, with {"code", "permanent",
/// "opted_out"} of the body where it has them.
ports::SmsOutcome outcome_of(const HttpAnswer& answer);

}  // namespace postrider::adapters::http_carrier
