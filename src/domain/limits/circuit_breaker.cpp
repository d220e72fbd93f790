#include "domain/limits/circuit_breaker.hpp"

#include <algorithm>

namespace postrider::domain {

Milliseconds CircuitBreaker::fail(TimePoint now, Milliseconds retry_after) {
  constexpr int max_doublings = 16;
  const auto grown = first_wait * (1 << std::min(failures, max_doublings));
  const auto wait = std::clamp(std::max(grown, retry_after), first_wait, longest_wait);
  ++failures;
  blocked_until = std::max(blocked_until, now + wait);
  return wait;
}

void CircuitBreaker::succeed() {
  failures = 0;
  blocked_until = {};
}

void CircuitBreaker::hold(TimePoint now) {
  failures = std::max(failures, 1);
  blocked_until = now + account_wait;
}

}  // namespace postrider::domain
