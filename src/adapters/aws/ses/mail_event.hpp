// An event of SES about one e-mail as a receipt: bounces, complaints, deliveries. Pure and
// thread-safe.
#pragma once

#include <string_view>
#include <variant>

#include "domain/delivery/attempt.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::adapters::aws::ses {

/// Parses {"eventType":"Bounce|Complaint|Delivery|Reject|…","mail":{"messageId",…},…}: the format
/// of the SES developer guide, "Contents of event data". A hard bounce is `failed_permanent`; a
/// mail that was given up, rejected or kept back by the account's own list is `failed_temporary`,
/// for it says nothing of the address; a complaint is `opted_out`; an event that is neither final
/// nor a failure is `accepted`, and so is one of an unknown type. A time that can't be read is
/// `now`. A FieldError for an event without id or type; it holds no value of the event.
std::variant<domain::Receipt, message::FieldError> parse_mail_event(std::string_view json,
                                                                    domain::TimePoint now);

}  // namespace postrider::adapters::aws::ses
