// The status of an order, in the shop's own word: small letters, digits, "_", "." and "-". Words
// that are written in several ways have one usual spelling, by which texts, priority and identity
// go. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postrider::domain {

enum class Priority : std::uint8_t { high = 1, normal = 5 };

/// High for `cancelled`, `refunded` and `failed`, in each spelling and also as `order.cancelled`;
/// every other status can wait.
Priority priority_of(std::string_view status);

/// `status` with each of its words in the usual spelling: "canceled" → "cancelled",
/// "order.canceled" → "order.cancelled".
std::string usual_spelling(std::string_view status);

/// The other spellings of a status that is in the usual one; empty for most.
std::vector<std::string> other_spellings(std::string_view status);

}  // namespace postrider::domain
