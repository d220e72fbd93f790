// Times in which a customer gets no SMS that can wait. Fixed at intake for as long as the message
// may go by SMS, so that no later stage needs time zones.
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
  TimePoint until{};  // first loud one again

  friend bool operator==(const QuietTime&, const QuietTime&) = default;
};

/// When the quiet that `at` lies in ends; nothing where it lies in none. `times`: ascending.
std::optional<TimePoint> quiet_until(std::span<const QuietTime> times, TimePoint at);

/// "FROM-UNTIL FROM-UNTIL", Unix milliseconds: how stores keep it.
std::string to_text(std::span<const QuietTime> times);
/// What is not readable is left out.
std::vector<QuietTime> parse_quiet_times(std::string_view text);

}  // namespace postrider::domain
