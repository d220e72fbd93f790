// The reader of receipts of all providers of AWS: the members of a document tell which of them
// wrote it. What a shop or its customers wrote stands in values and decides nothing. Pure.
#pragma once

#include <string>
#include <variant>

#include "domain/delivery/attempt.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::programs {

/// Reads a receipt that came at `now`; a FieldError as that of the provider's own reader.
std::variant<domain::Receipt, message::FieldError> read_receipt(const std::string& json,
                                                                domain::TimePoint now);

}  // namespace postrider::programs
