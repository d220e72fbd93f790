// The outcome of a message that a carrier's HTTP answer stands for. Pure.
#pragma once

#include <span>

#include "ports/sms_carrier.hpp"
#include "wire/http_connection.hpp"

namespace postrider::adapters::http_carrier {

/// The table of faults: "<status>", or "<status> plain" where the body has no code of the
/// carrier's, as bodies of proxies and balancers have none.
std::span<const domain::FaultRow> faults();

/// The outcome of an answer that came at `now`. 2xx with {"message_id"}: accepted; any other 2xx,
/// and a body that ends before its length: unknown. All others by the table, with {"code",
/// "permanent", "opted_out"} of the body where a refusal has them, and with Retry-After. A body
/// that only the end of the connection ended is whole when it is a JSON object.
ports::SmsOutcome outcome_of(const wire::HttpAnswer& answer, domain::TimePoint now);
/// The outcome where no answer came.
ports::SmsOutcome outcome_of(const wire::NoAnswer& none);

}  // namespace postrider::adapters::http_carrier
