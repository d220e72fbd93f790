#include "wire/http_date.hpp"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace postrider::wire {
namespace {

using domain::Milliseconds;

constexpr std::int64_t longest_seconds = 366LL * 24 * 3600;  // longer ones mean as much

}  // namespace

std::optional<domain::TimePoint> http_date(std::string_view text) {
  const std::string copy{text};
  std::tm parts{};
  const char* const end = strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return domain::from_unix_ms(std::int64_t{1000} * timegm(&parts));
}

std::optional<Milliseconds> retry_after(std::string_view header, domain::TimePoint now) {
  std::int64_t seconds = 0;
  const auto* const last = header.data() + header.size();
  const auto [end, error] = std::from_chars(header.data(), last, seconds);
  if (end == last && !header.empty()) {
    if (error == std::errc::result_out_of_range) seconds = longest_seconds;
    if (error == std::errc{} || error == std::errc::result_out_of_range)
      return seconds < 0 ? std::nullopt
                         : std::optional{std::chrono::seconds{std::min(seconds, longest_seconds)}};
  }
  const auto date = http_date(header);
  if (!date) return std::nullopt;
  return std::clamp<Milliseconds>(*date - now, Milliseconds{0},
                                  std::chrono::seconds{longest_seconds});
}

}  // namespace postrider::wire
