#include "ports/notification_store.hpp"

namespace postrider::ports {

std::optional<ClaimOutcome> refusal(const domain::ClaimVerdict& verdict,
                                    const domain::Notification& n) {
  if (const auto* reason = std::get_if<domain::Reason>(&verdict)) return RuledOut{n, *reason};
  if (const auto* wait = std::get_if<domain::WaitUntil>(&verdict)) return TooEarly{n, wait->time};
  return std::nullopt;
}

}  // namespace postrider::ports
