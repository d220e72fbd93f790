// A line of SNS's SMS delivery log as a receipt. The table of provider responses is in the source.
// Pure and thread-safe.
#pragma once

#include <string_view>
#include <variant>

#include "domain/delivery/attempt.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::adapters::aws::sns {

/// Parses {"notification":{"messageId","timestamp"},"delivery":{"providerResponse",…},"status"}:
/// the format of the SNS developer guide, "CloudWatch Logs for SMS". A FieldError for anything
/// else; it holds no value of the line.
std::variant<domain::Receipt, message::FieldError> parse_delivery_log(std::string_view line);

}  // namespace postrider::adapters::aws::sns
