#include "domain/limits/rate_window.hpp"

#include <algorithm>
#include <numeric>

#include "domain/limits/pacer.hpp"

namespace postrider::domain {
namespace {

// A refused urgent message comes again within this time, however many wait: its room is kept then.
constexpr Milliseconds longest_urgent_wait{4'000};
static_assert(longest_urgent_wait < RateWindow::refusal_counts_for);
// One part in so many is for normal messages where urgent ones have half of the window or more.
constexpr int normal_share = 5;
// While urgent ones wait a part is spare where the rate has at least so many: a new urgent one
// would else take the room that is kept for one that waits.
constexpr int least_rate_with_spare = 5;
// Refusals within this time are one entry, so that a store keeps few.
constexpr Milliseconds same_refusal{250};

int sum_of(std::span<const int> messages) {
  return std::accumulate(messages.begin(), messages.end(), 0);
}

}  // namespace

PartsGrant unlimited(const PartsRequest& request, TimePoint now) {
  return {request.messages.size(), sum_of(request.messages), now, Milliseconds{0}};
}

TimePoint RateWindow::leaves(const RateGrant& grant) const {
  return grant.at + Pacer::counts_for(std::max(grant.parts, 1), limit_);
}

int RateWindow::granted() const {
  int sum = 0;
  for (const auto& grant : grants_) sum += grant.parts;
  return sum;
}

int RateWindow::refused() const {
  int sum = 0;
  for (const auto& refusal : refusals_) sum += refusal.parts;
  return sum;
}

int RateWindow::kept_for_urgent() const {
  if (refusals_.empty()) return 0;
  return refused() + (limit_ >= least_rate_with_spare ? 1 : 0);
}

/// Forgets what no longer counts.
void RateWindow::forget(TimePoint now) {
  for (auto& grant : grants_) grant.at = std::min(grant.at, now);
  for (auto& refusal : refusals_) refusal.at = std::min(refusal.at, now);
  std::erase_if(grants_, [&](const RateGrant& grant) { return leaves(grant) <= now; });
  std::erase_if(refusals_,
                [&](const RateRefusal& refusal) { return refusal.at + refusal_counts_for <= now; });
}

/// Forgets the oldest refusals, up to `parts`: their messages have come again.
void RateWindow::forget_refused(int parts) {
  while (parts > 0 && !refusals_.empty()) {
    const int come = std::min(parts, refusals_.front().parts);
    refusals_.front().parts -= come;
    parts -= come;
    if (refusals_.front().parts == 0) refusals_.pop_front();
  }
}

void RateWindow::refuse(int parts, TimePoint now) {
  if (refusals_.empty() || now - refusals_.back().at >= same_refusal) refusals_.push_back({now});
  refusals_.back().parts += parts;
}

/// True where a message of `parts` may go beside `taken`, which the same request has got already.
bool RateWindow::fits(int parts, bool urgent, const RateGrant& taken) const {
  const int free = limit_ - granted() - taken.parts;
  if (parts > limit_ && free == limit_) return urgent || refusals_.empty();
  if (urgent) return parts <= free;
  int urgent_in_window = taken.urgent;
  for (const auto& grant : grants_) urgent_in_window += grant.urgent;
  const int normal_in_window = limit_ - free - urgent_in_window;
  // Not beside a few urgent ones: a long one may need the whole window.
  const bool flooded = 2 * urgent_in_window >= limit_;
  const int own_share = flooded ? limit_ / normal_share - normal_in_window : 0;
  return parts <= std::max(free - kept_for_urgent(), std::min(free, own_share));
}

/// The wait until a message of `parts` that does not fit may go, if nothing else comes before it.
Milliseconds RateWindow::wait_for(int parts, bool urgent, TimePoint now) const {
  const int needed = std::min(urgent ? parts : parts + kept_for_urgent(), limit_);
  int free = limit_ - granted();
  Milliseconds wait{0};
  for (auto oldest = grants_.begin(); oldest != grants_.end() && free < needed; ++oldest) {
    wait = std::max(wait, leaves(*oldest) - now);
    free += oldest->parts;
  }
  const Milliseconds turn = Pacer::window * (refused() / limit_);
  if (urgent) return std::max(wait, std::min(turn, longest_urgent_wait));
  if (wait.count() == 0 && !refusals_.empty())
    wait = refusals_.front().at + refusal_counts_for - now;
  return wait;
}

PartsGrant RateWindow::take(const PartsRequest& request, TimePoint now) {
  forget(now);
  const auto urgent = request.messages.first(request.urgent);
  forget_refused(sum_of(urgent.first(request.again)));
  RateGrant grant{now};
  std::size_t going = 0;
  for (; going < request.messages.size(); ++going) {
    const int parts = request.messages[going];
    const bool is_urgent = going < request.urgent;
    if (!fits(parts, is_urgent, grant)) break;
    grant.parts += parts;
    if (is_urgent) grant.urgent += parts;
  }
  if (going > 0) grants_.push_back(grant);
  PartsGrant granted{going, grant.parts, now, Milliseconds{0}};
  if (going < request.messages.size())
    granted.wait = wait_for(request.messages[going], going < request.urgent, now);
  if (going < request.urgent) refuse(sum_of(urgent.subspan(going)), now);
  return granted;
}

int RateWindow::take_back(int parts, TimePoint at) {
  int back = 0;
  for (auto& grant : grants_) {
    if (grant.at != at) continue;
    const int own = std::min(parts - back, grant.parts);
    grant.parts -= own;
    grant.urgent = std::min(grant.urgent, grant.parts);
    back += own;
  }
  std::erase_if(grants_, [](const RateGrant& grant) { return grant.parts <= 0; });
  return back;
}

}  // namespace postrider::domain
