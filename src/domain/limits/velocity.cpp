#include "domain/limits/velocity.hpp"

#include <algorithm>

namespace postrider::domain {
namespace {

std::string prefix_of(const std::string& phone) {
  constexpr std::size_t cut = 3;
  return phone.substr(0, phone.size() - std::min(phone.size(), cut));
}

}  // namespace

std::vector<VelocityRule> velocity_rules(const Notification& n, const VelocityLimits& limits) {
  std::vector<VelocityRule> rules;
  if (n.mode == Mode::test) return rules;
  const auto add = [&rules](VelocityScope scope, std::string subject, int limit, Reason reason) {
    if (limit > 0) rules.push_back({scope, std::move(subject), limit, reason});
  };
  const auto& content = n.content;
  add(VelocityScope::number, content.phone, limits.per_number, Reason::too_many_to_number);
  add(VelocityScope::prefix, prefix_of(content.phone), limits.per_prefix,
      Reason::too_many_to_prefix);
  add(VelocityScope::country, content.country, limits.per_country, Reason::too_many_to_country);
  return rules;
}

Reason over_velocity(std::span<const VelocityRule> rules) {
  for (const auto& rule : rules)
    if (rule.sent >= rule.limit) return rule.reason;
  return Reason::none;
}

}  // namespace postrider::domain
