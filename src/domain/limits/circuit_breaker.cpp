#include "domain/limits/circuit_breaker.hpp"

#include <algorithm>

namespace postrider::domain {

Milliseconds CircuitBreaker::fail(TimePoint now, Milliseconds asked, Milliseconds longest_wait) {
  constexpr int max_doublings = 16;
  const auto grown = std::min(first_wait * (1 << std::min(failures, max_doublings)), longest_wait);
  const auto wait = std::max(grown, std::min(asked, longest_asked_wait));
  ++failures;
  blocked_until = std::max(blocked_until, now + wait);
  return wait;
}

void CircuitBreaker::succeed() {
  failures = 0;
  unknowns = 0;
  blocked_until = {};
}

}  // namespace postrider::domain
