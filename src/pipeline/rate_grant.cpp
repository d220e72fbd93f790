#include "pipeline/rate_grant.hpp"

namespace postrider::pipeline {

domain::Result<RateGrant> RateGrant::take(ports::Allowance& allowance, ports::Telemetry& telemetry,
                                          const RateRequest& request, domain::TimePoint now) {
  RateGrant grant{allowance, telemetry};
  if (request.segments.empty()) return grant;
  std::vector<int> parts;
  for (const int segments : request.segments) parts.push_back(parts_of(segments));
  const auto granted = allowance.take_parts({parts, request.urgent, request.again}, now);
  if (!granted) return granted.error();
  grant.granted_ = *granted;
  return grant;
}

void RateGrant::settle(std::span<const domain::Notification> claimed) {
  int unused = granted_.parts;
  for (const auto& n : claimed) unused -= parts_of(n.content.segments);
  if (unused <= 0) return;
  // If this fails the parts count as used until their second is over.
  if (!allowance_->return_parts(unused, granted_))
    telemetry_->log(ports::Level::warning, "store_failed", {{ports::Field::code, "return_parts"}});
}

}  // namespace postrider::pipeline
