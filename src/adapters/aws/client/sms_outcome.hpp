// What the ending of a call that carried an SMS means where the service itself says nothing more:
// the same for all services that send SMS. Pure.
#pragma once

#include "adapters/aws/client/call.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::adapters::aws::client {

ports::SmsOutcome sms_outcome(const NoReply& none);

/// 5xx: unknown. Throttles: the line waits. 401, 403, 404 and what names our credentials: the
/// account's problem. Any other complete 4xx: refused for good, with the service's code.
ports::SmsOutcome sms_outcome(const Refusal& refusal);

/// For a MaxPrice parameter, USD: "0.00645", rounded up to five places; empty for nothing.
std::string max_price(domain::Money price);

}  // namespace postrider::adapters::aws::client
