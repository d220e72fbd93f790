// Values as people write them in a configuration: "15m", "0.05", "127.0.0.1:8080". Each print_…
// gives a text that its parse_… reads back to the same value. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/money.hpp"
#include "domain/time.hpp"

namespace postrider::settings {

/// "250ms", "90s", "15m", "12h", "30d": digits and one unit, at most ten years. "0" needs no unit.
std::optional<domain::Milliseconds> parse_duration(std::string_view text);
std::string print_duration(domain::Milliseconds duration);

/// "0.05", "1000": not negative, at most six decimals, at most a thousand million.
std::optional<domain::Money> parse_money(std::string_view text);
std::string print_money(domain::Money money);

/// A whole number in decimal digits, with "-" where negative; nullopt when it does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// A fraction such as "0.02" or "1"; no exponents' tricks, no "nan".
std::optional<double> parse_fraction(std::string_view text);
std::string print_fraction(double value);

struct Endpoint {
  std::string host;  // without brackets
  std::uint16_t port = 0;
};

/// "HOST:PORT", "[::1]:8080".
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// 127.0.0.0/8, ::1, localhost. A name that only resolves to a loopback address is not counted.
bool is_loopback(std::string_view host);

/// The host of "scheme://user@host:port/path", without brackets; empty when there is none.
std::string host_of_url(std::string_view url);

/// The one of `names` with the least edit distance to `word`; empty when none is near (more than a
/// third of the letters differ).
std::string nearest(std::string_view word, std::span<const std::string> names);

}  // namespace postrider::settings
