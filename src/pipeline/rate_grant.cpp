#include "pipeline/rate_grant.hpp"

namespace postrider::pipeline {

domain::Result<RateGrant> RateGrant::take(ports::Allowance& allowance, ports::Telemetry& telemetry,
                                          std::span<const int> segments, domain::TimePoint now) {
  RateGrant grant{allowance, telemetry};
  if (segments.empty()) return grant;
  int wanted = 0;
  for (const int count : segments) wanted += parts_of(count);
  const auto granted = allowance.take_parts(parts_of(segments.front()), wanted, now);
  if (!granted) return granted.error();
  grant.wait_ = granted->wait;
  for (const int count : segments) {
    if (grant.parts_ + parts_of(count) > granted->parts) break;
    grant.parts_ += parts_of(count);
    ++grant.messages_;
  }
  grant.give_back(granted->parts - grant.parts_);
  return grant;
}

void RateGrant::settle(std::span<const domain::Notification> claimed) {
  int used = 0;
  for (const auto& n : claimed) used += parts_of(n.content.segments);
  give_back(parts_ - used);
  parts_ = 0;
}

void RateGrant::give_back(int parts) {
  if (parts <= 0) return;
  // If this fails the parts count as used until their second is over.
  if (!allowance_->return_parts(parts))
    telemetry_->log(ports::Level::warning, "store_failed", {{ports::Field::code, "return_parts"}});
}

}  // namespace postrider::pipeline
