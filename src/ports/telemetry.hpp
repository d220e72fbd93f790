// Telemetry: counters, durations and log lines. The fields of a line are a closed list, so that no
// number, address, name or text can reach a log: a value is an id, a code or a count. Thread-safe,
// never blocks for long.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "domain/notification_id.hpp"
#include "domain/time.hpp"

namespace postrider::ports {

enum class Counter : std::uint8_t {
  events_accepted,
  events_duplicate,
  events_refused,
  events_conflict,
  sms_submitted,
  sms_refused,
  sms_unknown,
  sms_throttled,
  sms_segments,
  receipts_delivered,
  receipts_failed,
  receipts_unmatched,
  receipts_late,
  emails_sent,
  emails_retried,
  dead_letters,
  deferred,
  superseded,
  no_contact,
  fallbacks,
  account_problems,
  rescued,
  spend_micros,
  sms_over_limit,
  sms_price_unknown,
  sms_overcharged,
  sms_over_velocity,
  budget_80_percent,
  budget_used_up,
  sms_unreachable,
  mail_unreachable,
  receipts_unknown,
  sms_price_implausible,
  items_set_aside,
};
inline constexpr std::size_t counter_count = 34;

enum class Timing : std::uint8_t {
  sms_latency,       // from the order to the carrier's acceptance
  delivery_latency,  // from the order to the delivery, as the receipt dates it
};
inline constexpr std::size_t timing_count = 2;

enum class Level : std::uint8_t { debug, info, warning, error };

/// The only fields that a log line may have.
enum class Field : std::uint8_t {
  notification_id,
  shop,
  state,
  cause,
  carrier,
  code,
  count,
  total,
  milliseconds,
  status,
  method,
  route,
  version,
  key_name,
  port,
  month,
  micros,
  path,
  reason,
  country,
};

/// A value of a field: an id, a code or a count. A string must be a code of the program's own, a
/// configured name or a path of the operator's; never what a shop, a customer or a provider wrote.
using FieldValue = std::variant<std::string_view, std::int64_t, domain::NotificationId>;

class Telemetry {
 public:
  virtual ~Telemetry() = default;
  /// Adds `n` to a counter.
  virtual void count(Counter counter, std::int64_t n) = 0;
  /// Records a duration; one below zero counts as zero, because it compares clocks of two machines.
  virtual void took(Timing timing, domain::Milliseconds duration) = 0;
  /// Writes a log line. `event` is a literal of the program.
  virtual void log(Level level, std::string_view event,
                   std::initializer_list<std::pair<Field, FieldValue>> fields) = 0;
};

std::string_view name(Counter counter);
std::string_view name(Timing timing);
std::string_view name(Field field);
std::string_view name(Level level);

}  // namespace postrider::ports
