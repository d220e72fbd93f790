// The limits against SMS pumping: how many SMS may go in an hour to one number, to one block of
// numbers and to one country. A store counts; the rules stand here. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/notification.hpp"
#include "domain/reason.hpp"

namespace postrider::domain {

/// The limits in SMS an hour; 0: no limit. A prefix is a number without its last three digits:
/// fraud comes in blocks of numbers.
struct VelocityLimits {
  int per_number = 0;
  int per_prefix = 0;
  int per_country = 0;
  bool any() const { return per_number > 0 || per_prefix > 0 || per_country > 0; }
};

enum class VelocityScope : std::uint8_t { number, prefix, country };

/// One limit as it applies to one message. The caller of over_velocity() sets `sent` before.
struct VelocityRule {
  VelocityScope scope;
  std::string subject;  // "+4915112345678", "+4915112345", "DE"
  int limit = 0;
  Reason reason;  // of a message that does not go by SMS because of this limit
  int sent = 0;   // SMS to this subject in the last hour
};

/// The limits that apply to `n`; none in test mode, whose SMS reach nobody.
std::vector<VelocityRule> velocity_rules(const Notification& n, const VelocityLimits& limits);

/// The reason of the first rule whose limit is reached; `none` where one more may go.
Reason over_velocity(std::span<const VelocityRule> rules);

/// Stores count by slots of ten minutes. An hour is the slot that has begun and the six before it:
/// never more than the limit in any hour, sometimes a little less.
inline constexpr Milliseconds velocity_slot_length = std::chrono::minutes{10};
inline constexpr std::int64_t velocity_slots_of_an_hour = 7;
constexpr std::int64_t velocity_slot(TimePoint at) {
  return to_unix_ms(at) / velocity_slot_length.count();
}

}  // namespace postrider::domain
