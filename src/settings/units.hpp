// Readers and printers of values as people write them in a configuration: "15m", "0.05",
// "127.0.0.1:8080". Pure. For amounts see message/money/money_text.hpp. Each print_… gives a text
// that its parse_… reads back to the same value; each parse_… gives nullopt for a text that is no
// such value.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace postrider::settings {

/// "250ms", "90s", "15m", "12h", "30d": digits and one unit, at most ten years. "0" needs no unit.
std::optional<domain::Milliseconds> parse_duration(std::string_view text);
std::string print_duration(domain::Milliseconds duration);

/// A whole number in decimal digits, with "-" where negative; nullopt also when it does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// A fraction such as "0.02" or "1"; no exponent, no "nan", no "inf".
std::optional<double> parse_fraction(std::string_view text);
std::string print_fraction(double value);

/// A host and its port.
struct Endpoint {
  std::string host;  // without brackets
  std::uint16_t port = 0;
};

/// "HOST:PORT", "[::1]:8080".
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// True for 127.0.0.0/8, ::1 and localhost; false for another name that resolves to such an
/// address.
bool is_loopback(std::string_view host);

/// The host of "scheme://user@host:port/path", without brackets; empty when there is none.
std::string host_of_url(std::string_view url);

/// The one of `names` with the smallest edit distance to `word`; where more than about a third of
/// the letters would have to change, the first that begins with it; empty: there is none.
std::string nearest(std::string_view word, std::span<const std::string> names);

}  // namespace postrider::settings
