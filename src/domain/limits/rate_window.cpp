#include "domain/limits/rate_window.hpp"

#include <algorithm>

#include "domain/limits/pacer.hpp"

namespace postrider::domain {

TimePoint RateWindow::leaves(const RateGrant& grant) const {
  return grant.at + Pacer::counts_for(std::max(grant.parts, 1), limit_);
}

int RateWindow::granted() const {
  int sum = 0;
  for (const auto& grant : grants_) sum += grant.parts;
  return sum;
}

PartsGrant RateWindow::take(int min, int max, TimePoint now) {
  for (auto& grant : grants_) grant.at = std::min(grant.at, now);
  std::erase_if(grants_, [&](const RateGrant& grant) { return leaves(grant) <= now; });
  const int used = granted();
  const int free = limit_ - used;
  const bool longer_than_limit = min > limit_ && used == 0;
  const int parts = longer_than_limit ? min : free < min ? 0 : std::min(free, max);
  if (parts > 0) grants_.push_back({now, parts});
  if (parts == max) return {parts, Milliseconds{0}};
  return {parts, leaves(grants_.front()) - now};
}

void RateWindow::take_back(int parts) {
  while (parts > 0 && !grants_.empty()) {
    const int back = std::min(parts, grants_.back().parts);
    grants_.back().parts -= back;
    parts -= back;
    if (grants_.back().parts == 0) grants_.pop_back();
  }
}

}  // namespace postrider::domain
