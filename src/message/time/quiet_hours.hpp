// Quiet hours by the customer's clock, with ICU's time zones. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "concurrency/mutex.hpp"
#include "domain/quiet_time.hpp"

namespace postrider::message {

/// "21:00-08:00": local times; the end may be of the next day.
struct QuietSpan {
  int from = 0;   // minutes from midnight
  int until = 0;  // likewise, not equal to `from`
};
std::optional<QuietSpan> parse_quiet_span(std::string_view text);

class QuietHours {
 public:
  explicit QuietHours(QuietSpan span) : span_{span} {}

  /// The quiet times that touch [from, to], ascending, apart from each other. By `time_zone` (IANA)
  /// where it is given; else it is quiet while it is so in any zone of `country` (ISO 3166
  /// alpha-2); by UTC where neither says anything. A local time that a change of the clocks skips
  /// or repeats is taken so that the quiet is the longer.
  std::vector<domain::QuietTime> between(const std::optional<std::string>& time_zone,
                                         const std::string& country, domain::TimePoint from,
                                         domain::TimePoint to) const;

 private:
  std::vector<domain::QuietTime> compute(const std::vector<std::string>& zones,
                                         domain::TimePoint from, domain::TimePoint to) const;

  QuietSpan span_;
  // Of the hour that intake is in: all customers of a country have the same.
  mutable concurrency::Mutex mutex_;
  mutable domain::TimePoint hour_ GUARDED_BY(mutex_){};
  mutable domain::Milliseconds length_ GUARDED_BY(mutex_){0};
  mutable std::map<std::string, std::vector<domain::QuietTime>> known_
      GUARDED_BY(mutex_);  // by zone or country
};

}  // namespace postrider::message
