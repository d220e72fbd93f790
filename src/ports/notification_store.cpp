#include "ports/notification_store.hpp"

namespace postrider::ports {

std::optional<ClaimOutcome> not_claimable(const domain::Notification& n, domain::State from,
                                          domain::TimePoint now) {
  if (domain::is_due(n, from, now)) return std::nullopt;
  if (n.state == from && n.due_at) return NotDue{n};
  return NotClaimable{};
}

std::optional<ClaimOutcome> refusal(const domain::ClaimVerdict& verdict,
                                    const domain::Notification& n) {
  if (const auto* reason = std::get_if<domain::Reason>(&verdict)) return RuledOut{n, *reason};
  if (const auto* wait = std::get_if<domain::WaitUntil>(&verdict)) return TooEarly{n, wait->time};
  if (std::holds_alternative<domain::IsSuperseded>(verdict)) return Superseded{n};
  if (const auto* wait = std::get_if<domain::MustWait>(&verdict)) return HeldBack{n, wait->until};
  if (const auto* has = std::get_if<domain::HasArrived>(&verdict)) return Arrived{n, has->arrival};
  return std::nullopt;
}

}  // namespace postrider::ports
