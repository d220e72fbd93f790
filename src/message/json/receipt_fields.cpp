#include "message/json/receipt_fields.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "domain/delivery/receipt_limits.hpp"
#include "message/json/order_event_json.hpp"
#include "message/text/ascii.hpp"

namespace postrider::message {
namespace {

using nlohmann::json;

/// The number that `value` is or whose text it is.
std::optional<double> number_in(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const auto parsed = json::parse(value.get_ref<const std::string&>(), nullptr, false);
  if (!parsed.is_number()) return std::nullopt;
  return parsed.get<double>();
}

/// Seconds or milliseconds from 2001 to 2100; a number outside of both is no Unix time, such as
/// 20261124100000.
std::optional<domain::TimePoint> unix_time(double number) {
  constexpr double first = 1'000'000'000, last = 4'102'444'800;
  if (number >= first && number < last) number *= 1000;
  if (!(number >= first * 1000 && number < last * 1000)) return std::nullopt;
  return domain::from_unix_ms(static_cast<std::int64_t>(number));
}

/// True where the text ends with an offset of this many digits and no colon.
bool ends_with_offset(std::string_view text, std::size_t digits) {
  if (text.size() <= digits || text.find(':') == text.npos) return false;
  const auto offset = text.substr(text.size() - digits - 1);
  if (offset.front() != '+' && offset.front() != '-') return false;
  return std::all_of(offset.begin() + 1, offset.end(), is_digit);
}

std::optional<domain::TimePoint> time_in(std::string text) {
  if (const auto at = parse_timestamp(text)) return at;
  if (ends_with_offset(text, 4)) return parse_timestamp(text.insert(text.size() - 2, ":"));
  if (ends_with_offset(text, 2)) return parse_timestamp(text + ":00");
  constexpr std::size_t behind_date = 10;  // "2026-11-24T10:00:00"
  if (text.size() <= behind_date || (text[behind_date] != 'T' && text[behind_date] != 't'))
    return std::nullopt;
  text[behind_date] = ' ';
  return parse_timestamp(text);
}

}  // namespace

std::string receipt_message_id(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_integer() ? value.dump() : std::string{};
}

std::optional<domain::AttemptReference> receipt_reference(const json& notification,
                                                          const json& attempt) {
  if (!notification.is_string()) return std::nullopt;
  const auto id = domain::parse_notification_id(notification.get_ref<const std::string&>());
  const auto number = number_in(attempt);
  if (!id || !number || !(*number >= 1 && *number <= domain::max_attempt_no)) return std::nullopt;
  const int no = static_cast<int>(*number);
  if (no != *number) return std::nullopt;
  return domain::AttemptReference{*id, no};
}

std::optional<domain::Money> receipt_price(const json& value) {
  const auto amount = number_in(value);
  return amount ? domain::receipt_price(std::abs(*amount)) : std::nullopt;
}

std::optional<int> receipt_segments(const json& value) {
  const auto count = number_in(value);
  if (!count || !(*count >= 1 && *count <= domain::max_segments) || *count != std::floor(*count))
    return std::nullopt;
  return domain::receipt_segments(static_cast<std::int64_t>(*count));
}

std::optional<domain::TimePoint> receipt_time(const json& value) {
  if (const auto number = number_in(value)) return unix_time(*number);
  return value.is_string() ? time_in(value.get<std::string>()) : std::nullopt;
}

std::optional<domain::Proof> receipt_proof(const json& value) {
  return value.is_string() ? domain::parse_proof(value.get_ref<const std::string&>())
                           : std::nullopt;
}

}  // namespace postrider::message
