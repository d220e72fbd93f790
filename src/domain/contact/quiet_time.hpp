// The times in which a customer gets no SMS that can wait. Plain values. Intake fixes them for as
// long as the message may go by SMS, so that no later stage needs time zones.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"

namespace postrider::domain {

struct QuietTime {
  TimePoint from{};   // first quiet millisecond
  TimePoint until{};  // first millisecond after the quiet time

  friend bool operator==(const QuietTime&, const QuietTime&) = default;
};

/// The end of the quiet time that `at` lies in; nullopt where it lies in none. `times`: ascending.
std::optional<TimePoint> quiet_until(std::span<const QuietTime> times, TimePoint at);

/// The form that stores keep: "FROM-UNTIL FROM-UNTIL" in Unix milliseconds.
std::string to_text(std::span<const QuietTime> times);
/// The times of such a text, up to the first that can't be read.
std::vector<QuietTime> parse_quiet_times(std::string_view text);

}  // namespace postrider::domain
