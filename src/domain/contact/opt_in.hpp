// The rule by which an opt-in lifts an opt-out. Pure. A carrier repeats its receipts, and late ones
// tell of messages from before the customer changed their mind.
#pragma once

#include <optional>

#include "domain/time.hpp"

namespace postrider::domain {

/// True where an opt-out that is known from `opted_out` was lifted by the number's last opt-in. At
/// the same moment the opt-out holds.
constexpr bool is_lifted(TimePoint opted_out, std::optional<TimePoint> opted_in) {
  return opted_in && opted_out < *opted_in;
}

}  // namespace postrider::domain
