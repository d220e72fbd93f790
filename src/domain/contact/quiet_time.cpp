#include "domain/contact/quiet_time.hpp"

#include <charconv>

namespace postrider::domain {

std::optional<TimePoint> quiet_until(std::span<const QuietTime> times, TimePoint at) {
  for (const auto& quiet : times)
    if (quiet.from <= at && at < quiet.until) return quiet.until;
  return std::nullopt;
}

std::string to_text(std::span<const QuietTime> times) {
  std::string text;
  for (const auto& quiet : times) {
    if (!text.empty()) text += ' ';
    text += std::to_string(to_unix_ms(quiet.from)) + "-" + std::to_string(to_unix_ms(quiet.until));
  }
  return text;
}

std::vector<QuietTime> parse_quiet_times(std::string_view text) {
  std::vector<QuietTime> times;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::int64_t from = 0, until = 0;
    const auto first = std::from_chars(at, end, from);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-') break;
    const auto second = std::from_chars(first.ptr + 1, end, until);
    if (second.ec != std::errc{}) break;
    times.push_back({from_unix_ms(from), from_unix_ms(until)});
    at = second.ptr == end ? end : second.ptr + 1;
  }
  return times;
}

}  // namespace postrider::domain
