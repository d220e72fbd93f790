// The times in the headers of an answer: dates, and the wait that Retry-After asks for. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "domain/time.hpp"

namespace postrider::wire {

/// A date of HTTP in its form of today, "Sun, 06 Nov 1994 08:49:37 GMT"; nullopt for any other
/// text. The old forms are refused: servers must not write them (RFC 9110 §5.6.7).
std::optional<domain::TimePoint> http_date(std::string_view text);

/// The wait from `now`, at least 0, of a header in either of its forms: seconds, or a date of HTTP
/// (RFC 9110 §10.2.3). nullopt where there is none or it is no such text.
std::optional<domain::Milliseconds> retry_after(std::string_view header, domain::TimePoint now);

}  // namespace postrider::wire
