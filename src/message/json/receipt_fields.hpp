// Readers of single members of a provider's receipt, the same for every provider. A member that is
// absent, of another type or implausible reads as nothing: only the message's id and its outcome
// may void a receipt, because a provider does not send it twice. Pure and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "domain/delivery/attempt.hpp"

namespace postrider::message {

/// The id of a message: a text, or a whole number as its decimal text. Empty where it is neither.
/// The caller asks domain::is_message_id().
std::string receipt_message_id(const nlohmann::json& value);

/// A price in whole units of the currency, as a number or its text; some carriers write what they
/// take as a negative amount.
std::optional<domain::Money> receipt_price(const nlohmann::json& value);

/// A number of parts, as a number or its text.
std::optional<int> receipt_segments(const nlohmann::json& value);

/// A time: what parse_timestamp() takes, also with an offset without colon ("+0000") or without
/// offset (UTC); or Unix seconds or milliseconds, as a number or its text.
std::optional<domain::TimePoint> receipt_time(const nlohmann::json& value);

/// The attempt that a receipt names by the reference of its submission: the notification's id, and
/// the attempt's number as a number or its text.
std::optional<domain::AttemptReference> receipt_reference(const nlohmann::json& notification,
                                                          const nlohmann::json& attempt);

/// "handset", "carrier" or "none".
std::optional<domain::Proof> receipt_proof(const nlohmann::json& value);

}  // namespace postrider::message
