// An event of End User Messaging about one SMS as a receipt. The table of statuses is in the
// source. Pure and thread-safe.
#pragma once

#include <string_view>
#include <variant>

#include "domain/delivery/attempt.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::adapters::aws::end_user_messaging {

/// Parses {"eventType":"TEXT_…","messageId",…}: the format of the user guide, "Event destinations".
/// Where the event carries our Context, the receipt names its attempt. A status that is unknown is
/// not final; a time that can't be read is `now`. A FieldError for an event without id or type, and
/// for one that is about no text; it holds no value of the event.
std::variant<domain::Receipt, message::FieldError> parse_text_event(std::string_view json,
                                                                    domain::TimePoint now);

}  // namespace postrider::adapters::aws::end_user_messaging
