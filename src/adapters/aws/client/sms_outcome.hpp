// Outcomes of calls that carried an SMS and had no answer of 2xx, the same for all services that
// send SMS. An adapter may read more from codes of its own service. Pure.
#pragma once

#include "adapters/aws/client/call.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::adapters::aws::client {

/// The outcome where no reply came. Nothing written: unreachable, or not begun where the time was
/// up. Anything else: unknown.
ports::SmsOutcome sms_outcome(const NoReply& none);

/// The outcome of a refusal. 5xx: unknown. Throttles: throttled. 401, 403, 404 and refusals of our
/// credentials: the account's problem. Any other complete 4xx: refused for good, with the service's
/// code.
ports::SmsOutcome sms_outcome(const Refusal& refusal);

/// The value of a MaxPrice parameter in USD, such as "0.00645", rounded up to five places. Empty
/// where the price is 0.
std::string max_price(domain::Money price);

}  // namespace postrider::adapters::aws::client
