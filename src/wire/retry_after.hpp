// The wait that a Retry-After header asks for. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "domain/time.hpp"

namespace postrider::wire {

/// The wait from `now`, at least 0, of a header in either of its forms: seconds, or a date of HTTP
/// (RFC 9110 §10.2.3). nullopt where there is none or it is no such text.
std::optional<domain::Milliseconds> retry_after(std::string_view header, domain::TimePoint now);

}  // namespace postrider::wire
