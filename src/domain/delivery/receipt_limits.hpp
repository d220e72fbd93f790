// The limits of a plausible receipt, the same for every provider: what is beyond them is a fault of
// the provider's document and never stored. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/money.hpp"

namespace postrider::domain {

/// A provider's id of a message, in octets.
inline constexpr std::size_t max_message_id = 128;
/// The parts of one SMS: GSM 03.40 §9.2.3.24.1 counts them in one octet.
inline constexpr std::int64_t max_segments = 255;
/// The highest number of an attempt that a notification can have. Stores keep the number in 12
/// bits.
inline constexpr int max_attempt_no = 4095;

/// True for an id that is neither empty nor longer than max_message_id.
constexpr bool is_message_id(std::string_view text) {
  return !text.empty() && text.size() <= max_message_id;
}

/// The price of one SMS as a provider reports it, from an amount in whole units of the currency,
/// rounded to a millionth; nullopt for an amount below 0, or beyond what Money holds, or no number.
std::optional<Money> receipt_price(double amount);

/// The most that one SMS may cost where there is no estimate to compare with.
inline constexpr Money max_unexpected_price{1'000'000'000};

/// True for a price that may be booked: neither more than `max_factor` times the estimate nor less
/// than that part of it, so never 0. A receipt is not a bill: one with a wrong price must neither
/// use up the limits nor make them void. Without an estimate there is nothing to compare with, and
/// any price up to max_unexpected_price counts.
constexpr bool is_plausible_price(Money price, Money estimate, int max_factor) {
  if (estimate == Money{}) return price <= max_unexpected_price;
  return price <= estimate * max_factor && price * max_factor >= estimate;
}

/// The number of parts that a provider reports; nullopt outside of 1 to max_segments.
constexpr std::optional<int> receipt_segments(std::int64_t count) {
  if (count < 1 || count > max_segments) return std::nullopt;
  return static_cast<int>(count);
}

}  // namespace postrider::domain
