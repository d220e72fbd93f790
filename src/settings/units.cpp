#include "settings/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "message/text/nearest_name.hpp"

namespace postrider::settings {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};

// The longest unit first: printing takes the first one that divides the duration.
constexpr std::array units{Unit{"d", 86'400'000}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                           Unit{"s", 1'000}, Unit{"ms", 1}};
constexpr std::int64_t max_ms = 3'650LL * 86'400'000;

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return value;
}

std::optional<domain::Milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return domain::Milliseconds{0};
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_integer(text.substr(0, end));
  const auto* const unit = std::find_if(units.begin(), units.end(),
                                        [&](const Unit& u) { return u.name == text.substr(end); });
  if (!number || unit == units.end() || *number > max_ms / unit->ms) return std::nullopt;
  return domain::Milliseconds{*number * unit->ms};
}

std::string print_duration(domain::Milliseconds duration) {
  const std::int64_t ms = duration.count();
  if (ms == 0) return "0s";
  const auto* const unit =
      std::find_if(units.begin(), units.end(), [&](const Unit& u) { return ms % u.ms == 0; });
  return std::to_string(ms / unit->ms).append(unit->name);
}

std::optional<double> parse_fraction(std::string_view text) {
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (error != std::errc{} || rest != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string print_fraction(double value) {
  std::array<char, 400> buffer{};  // the longest double in fixed notation fits
  const auto done =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed);
  return {buffer.data(), done.ptr};
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']' && host.size() > 2) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    return std::nullopt;  // an IPv6 address needs brackets, or its end is ambiguous
  }
  const auto port = parse_integer(text.substr(colon + 1));
  if (!port || *port < 0 || *port > 65'535) return std::nullopt;
  return Endpoint{std::string{host}, static_cast<std::uint16_t>(*port)};
}

bool is_loopback(std::string_view host) {
  if (host == "::1" || host == "localhost") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos;
}

std::string host_of_url(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == url.npos) return "";
  std::string_view authority = url.substr(scheme + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const auto at = authority.rfind('@'); at != authority.npos)
    authority = authority.substr(at + 1);
  if (authority.starts_with('[')) return std::string{authority.substr(1, authority.find(']') - 1)};
  return std::string{authority.substr(0, authority.find(':'))};
}

std::string nearest(std::string_view word, std::span<const std::string> names) {
  const std::vector<std::string_view> views{names.begin(), names.end()};
  const auto found = message::nearest_name(word, views);
  if (found && found->distance <= word.size() / 3 + 1) return std::string{found->name};
  const auto begins = std::find_if(views.begin(), views.end(), [&](std::string_view name) {
    return word.size() >= 3 && name.starts_with(word);
  });
  return begins == views.end() ? "" : std::string{*begins};
}

}  // namespace postrider::settings
