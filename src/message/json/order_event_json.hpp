// A reader of the JSON that shops send: it gives an OrderEvent or a Customer, or the first reason
// why the document is refused. One JsonReader a thread, because it keeps simdjson's buffers. No
// personal value ever appears in a FieldError.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "domain/contact/customer.hpp"
#include "domain/intake/order_event.hpp"

namespace postrider::message {

/// The reason why input was refused: a stable code for machines, the JSON pointer (RFC 6901) of the
/// field, and what to do.
struct FieldError {
  std::string code;  // "missing_field", "wrong_type", "too_long", "duplicate_key", "invalid_utf8",
                     // "invalid_json", …
  std::string pointer;  // "/contact/phone"; empty for the whole document
  std::string hint;
};

/// A phone number as somebody wrote it, and the region it is dialled from (empty: not said).
struct GivenNumber {
  std::string phone;
  std::string region;
};

inline constexpr std::size_t max_json_depth = 32;           // events have two levels
inline constexpr std::size_t max_event_bytes = 256 * 1024;  // far above all fields at their limits

class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  /// Reads one order event. Required: order_id, customer_id, status (non-empty strings; status of
  /// [a-z0-9_.-], lower-cased). Unknown keys are refused ("unknown_field", with the nearest known
  /// name in the hint).
  std::variant<domain::OrderEvent, FieldError> order_event(std::string_view json);

  /// Reads one customer. `id`: from the URL; empty (bulk): the document's "id" is required. Keys:
  /// id, phone, email, locale, time_zone, region, sms_opt_in, email_opt_in. The phone number is
  /// normalised with the customer's region or else `default_region`; a bad number is kept with its
  /// problem, not refused.
  std::variant<domain::Customer, FieldError> customer(std::string_view json, std::string_view id,
                                                      std::string_view default_region);

  /// Reads {"phone", "region"?}, for opt-outs. The number is not checked here.
  std::variant<GivenNumber, FieldError> number(std::string_view json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The time that `text` says in RFC 3339, or as "YYYY-MM-DD[ HH:MM[:SS[.fff]]]", taken as UTC.
/// nullopt when `text` is neither.
std::optional<domain::TimePoint> parse_timestamp(std::string_view text);

/// `t` in RFC 3339 with milliseconds and "Z".
std::string format_timestamp(domain::TimePoint t);

}  // namespace postrider::message
