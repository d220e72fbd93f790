// Time as Postrider counts it: milliseconds of Unix time, UTC. Time is always an argument here;
// only the Clock port reads it.
#pragma once

#include <chrono>
#include <cstdint>

namespace postrider::domain {

using Milliseconds = std::chrono::milliseconds;
using TimePoint = std::chrono::sys_time<Milliseconds>;

/// Milliseconds since 1970-01-01T00:00Z.
constexpr std::int64_t to_unix_ms(TimePoint t) { return t.time_since_epoch().count(); }
constexpr TimePoint from_unix_ms(std::int64_t ms) { return TimePoint{Milliseconds{ms}}; }

/// The UTC day of `t` as yyyymmdd (20261125): the key of a budget, fixed at the reservation.
constexpr int day_of(TimePoint t) {
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(t)};
  return static_cast<int>(day.year()) * 10'000 +
         static_cast<int>(static_cast<unsigned>(day.month())) * 100 +
         static_cast<int>(static_cast<unsigned>(day.day()));
}

/// The month of a day (yyyymmdd) or of a time, as yyyymm (202611), UTC.
constexpr int month_of(int day) { return day / 100; }
constexpr int month_of(TimePoint t) { return month_of(day_of(t)); }

/// The month after or before a month (yyyymm).
constexpr int next_month(int month) { return month % 100 == 12 ? month + 89 : month + 1; }
constexpr int previous_month(int month) { return month % 100 == 1 ? month - 89 : month - 1; }

}  // namespace postrider::domain
