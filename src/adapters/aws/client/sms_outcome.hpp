// Outcomes of calls that carried an SMS and had no answer of 2xx, the same for all services that
// send SMS. An adapter may read more from codes of its own service. Pure.
#pragma once

#include "adapters/aws/client/call.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::adapters::aws::client {

/// The table of faults of all services of AWS, where a service's own has no row; for the form of an
/// answer see fault_key().
std::span<const domain::FaultRow> faults();

/// The outcome where no reply came. Not begun where the time was up.
ports::SmsOutcome sms_outcome(const NoReply& none);

/// The outcome of a refusal, with the service's code: by `own`, a service's table of its `reason`s,
/// then by faults().
ports::SmsOutcome sms_outcome(const Refusal& refusal, std::string_view reason = {},
                              std::span<const domain::FaultRow> own = {});

/// The value of a MaxPrice parameter in USD, such as "0.00645", rounded up to five places. Empty
/// where the price is 0.
std::string max_price(domain::Money price);

}  // namespace postrider::adapters::aws::client
