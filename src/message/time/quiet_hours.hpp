// Quiet hours by the customer's clock, with ICU's time zones. Thread-safe. The quiet times of one
// hour are cached, because all customers of a country have the same ones.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "concurrency/mutex.hpp"
#include "domain/contact/quiet_time.hpp"

namespace postrider::message {

/// A span of local time such as "21:00-08:00"; its end may be on the next day.
struct QuietSpan {
  int from = 0;   // minutes from midnight
  int until = 0;  // likewise, not equal to `from`
};
/// Reads "HH:MM-HH:MM"; nullopt when `text` is no such span or has two equal times.
std::optional<QuietSpan> parse_quiet_span(std::string_view text);

class QuietHours {
 public:
  explicit QuietHours(QuietSpan span) : span_{span} {}

  /// The quiet times that touch [from, to], ascending and apart from each other. By `time_zone`
  /// (IANA) where one is given; else a moment is quiet when it is quiet in any zone of `country`
  /// (ISO 3166 alpha-2); by UTC where the country has no zone. Where a change of the clocks skips
  /// or repeats a local time, the longer quiet time is meant.
  std::vector<domain::QuietTime> between(const std::optional<std::string>& time_zone,
                                         const std::string& country, domain::TimePoint from,
                                         domain::TimePoint to) const;

 private:
  std::vector<domain::QuietTime> compute(const std::vector<std::string>& zones,
                                         domain::TimePoint from, domain::TimePoint to) const;

  QuietSpan span_;
  // The cache: of spans of `cached_length_` that begin in `cached_hour_`.
  mutable concurrency::Mutex mutex_;
  mutable domain::TimePoint cached_hour_ GUARDED_BY(mutex_){};
  mutable domain::Milliseconds cached_length_ GUARDED_BY(mutex_){0};
  mutable std::map<std::string, std::vector<domain::QuietTime>> cache_
      GUARDED_BY(mutex_);  // by zone or country
};

}  // namespace postrider::message
