#include "message/time/quiet_hours.hpp"

#include <unicode/gregocal.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>

#include <algorithm>

namespace postrider::message {
namespace {

using domain::QuietTime;
using domain::TimePoint;
using std::chrono::days;
using std::chrono::hours;

/// Minutes from midnight: "08:30" → 510.
std::optional<int> parse_clock(std::string_view text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4))
    return std::nullopt;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

/// The time zones of a country's places; UTC for a country without any.
std::vector<std::string> zones_of(const std::string& country) {
  std::vector<std::string> zones;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> all{icu::TimeZone::createTimeZoneIDEnumeration(
      UCAL_ZONE_TYPE_CANONICAL_LOCATION, country.c_str(), nullptr, status)};
  if (U_SUCCESS(status) && !country.empty())
    while (const char* id = all->next(nullptr, status)) zones.emplace_back(id);
  if (zones.empty()) zones.emplace_back("Etc/UTC");
  return zones;
}

/// The clock of one time zone: gives the moments of its local times.
class LocalClock {
 public:
  explicit LocalClock(const std::string& zone)
      : calendar_{icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)), status_} {
    // A skipped time is the moment of the change itself.
    calendar_.setSkippedWallTimeOption(UCAL_WALLTIME_NEXT_VALID);
  }

  TimePoint at(std::chrono::year_month_day day, int minutes, UCalendarWallTimeOption repeated) {
    calendar_.clear();
    calendar_.setRepeatedWallTimeOption(repeated);
    calendar_.set(static_cast<int>(day.year()), static_cast<int>(unsigned{day.month()}) - 1,
                  static_cast<int>(unsigned{day.day()}), minutes / 60, minutes % 60, 0);
    return domain::from_unix_ms(static_cast<std::int64_t>(calendar_.getTime(status_)));
  }

 private:
  UErrorCode status_ = U_ZERO_ERROR;
  icu::GregorianCalendar calendar_;
};

/// The times in ascending order; times that touch become one.
std::vector<QuietTime> merged(std::vector<QuietTime> times) {
  std::sort(times.begin(), times.end(),
            [](const QuietTime& a, const QuietTime& b) { return a.from < b.from; });
  std::vector<QuietTime> result;
  for (const auto& quiet : times) {
    if (!result.empty() && quiet.from <= result.back().until)
      result.back().until = std::max(result.back().until, quiet.until);
    else
      result.push_back(quiet);
  }
  return result;
}

}  // namespace

std::optional<QuietSpan> parse_quiet_span(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = parse_clock(text.substr(0, dash));
  const auto until = parse_clock(text.substr(dash + 1));
  if (!from || !until || *from == *until) return std::nullopt;
  return QuietSpan{*from, *until};
}

std::vector<QuietTime> QuietHours::compute(const std::vector<std::string>& zones, TimePoint from,
                                           TimePoint to) const {
  std::vector<QuietTime> times;
  // The local date is at most one day off that of UTC, and a night's quiet begins the day before.
  const auto first = std::chrono::floor<days>(from) - days{2};
  const auto last = std::chrono::floor<days>(to) + days{1};
  for (const auto& zone : zones) {
    LocalClock clock{zone};
    for (auto day = first; day <= last; day += days{1}) {
      const auto end_day = span_.until > span_.from ? day : day + days{1};
      times.push_back({clock.at(day, span_.from, UCAL_WALLTIME_FIRST),
                       clock.at(end_day, span_.until, UCAL_WALLTIME_LAST)});
    }
  }
  times = merged(std::move(times));
  std::erase_if(times, [&](const QuietTime& quiet) {
    return quiet.until <= from || quiet.from > to || quiet.until <= quiet.from;
  });
  return times;
}

std::vector<QuietTime> QuietHours::between(const std::optional<std::string>& time_zone,
                                           const std::string& country, TimePoint from,
                                           TimePoint to) const {
  const auto hour = std::chrono::floor<hours>(from);
  const auto length = to - from;
  const auto key = time_zone ? *time_zone : country;
  const auto touching = [&](std::vector<QuietTime> times) {
    std::erase_if(times, [&](const auto& q) { return q.until <= from || q.from > to; });
    return times;
  };
  {
    const concurrency::Lock lock{mutex_};
    if (hour != cached_hour_ || length != cached_length_) {
      cache_.clear();
      cached_hour_ = hour;
      cached_length_ = length;
    }
    if (const auto found = cache_.find(key); found != cache_.end()) return touching(found->second);
  }
  auto times = compute(time_zone ? std::vector{*time_zone} : zones_of(country), hour,
                       hour + hours{1} + length);
  const concurrency::Lock lock{mutex_};
  if (hour == cached_hour_ && length == cached_length_) cache_.insert_or_assign(key, times);
  return touching(std::move(times));
}

}  // namespace postrider::message
