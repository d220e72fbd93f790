// A line of SNS's SMS delivery log as a receipt. The table of provider responses is in the source.
// Pure and thread-safe.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "domain/delivery/attempt.hpp"
#include "domain/delivery/fault.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::adapters::aws::sns {

/// The table of faults: parts of the provider's response in lower case, and the code that records
/// have.
std::span<const domain::FaultRow> faults();

/// Parses {"notification":{"messageId","timestamp"},"delivery":{"providerResponse",…},"status"}:
/// the format of the SNS developer guide, "CloudWatch Logs for SMS". A response or status that is
/// unknown is not final; a time that can't be read is `now`. A FieldError for a line without id or
/// status; it holds no value of the line.
std::variant<domain::Receipt, message::FieldError> parse_delivery_log(std::string_view line,
                                                                      domain::TimePoint now);

}  // namespace postrider::adapters::aws::sns
