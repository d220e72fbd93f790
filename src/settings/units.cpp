#include "settings/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

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
constexpr std::int64_t micros_per_unit = 1'000'000;
constexpr std::int64_t max_money = 1'000'000'000;

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

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

std::optional<domain::Money> parse_money(std::string_view text) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string decimals{point == text.npos ? "0" : text.substr(point + 1)};
  if (!all_digits(whole) || !all_digits(decimals) || decimals.size() > 6) return std::nullopt;
  decimals.resize(6, '0');
  const auto units_part = parse_integer(whole);
  if (!units_part || *units_part > max_money) return std::nullopt;
  return domain::Money{*units_part * micros_per_unit + *parse_integer(decimals)};
}

std::string print_money(domain::Money money) {
  std::string decimals = std::to_string(micros_per_unit + money.micros % micros_per_unit).substr(1);
  while (decimals.size() > 2 && decimals.back() == '0') decimals.pop_back();
  return std::to_string(money.micros / micros_per_unit) + "." + decimals;
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
  std::string best;
  std::size_t limit = word.size() / 3 + 1;
  for (const auto& name : names) {
    const auto distance = edit_distance(word, name);
    if (distance > limit || (distance == limit && !best.empty())) continue;
    limit = distance;
    best = name;
  }
  return best;
}

}  // namespace postrider::settings
