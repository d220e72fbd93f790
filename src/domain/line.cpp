#include "domain/line.hpp"

#include <algorithm>

namespace postrider::domain {

Milliseconds Line::fail(TimePoint now, Milliseconds asked) {
  constexpr int most_doublings = 16;
  const auto grown = first_wait * (1 << std::min(failures, most_doublings));
  const auto wait = std::clamp(std::max(grown, asked), first_wait, longest_wait);
  ++failures;
  closed_until = std::max(closed_until, now + wait);
  return wait;
}

void Line::succeed() {
  failures = 0;
  closed_until = {};
}

void Line::hold(TimePoint now) {
  failures = std::max(failures, 1);
  closed_until = now + account_wait;
}

}  // namespace postrider::domain
