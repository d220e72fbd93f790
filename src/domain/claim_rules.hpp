// The rules of a claim: whether a worker may take a due notification to send it now. A store
// gathers the facts, asks here, and writes the verdict in the same transaction. The order of the
// rules decides which reason a record shows. Pure.
#pragma once

#include <optional>
#include <span>
#include <variant>

#include "domain/budget_effect.hpp"
#include "domain/notification.hpp"
#include "domain/policy.hpp"
#include "domain/reason.hpp"
#include "domain/velocity.hpp"

namespace postrider::domain {

struct ClaimTerms {
  TimePoint now;
  Milliseconds lease;            // `due_at` becomes now + lease
  Limits limits = {};            // SMS: spent + reserved + estimate must stay at or below them
  VelocityLimits velocity = {};  // SMS
};

/// What a store knows of a notification that is to go by SMS. What is not known yet is taken to
/// allow the claim: a store that learns its facts in steps asks again with more of them.
struct SmsClaimFacts {
  bool opted_out = false;                       // the number, by any list
  bool wanted = true;                           // the customer has not refused SMS
  std::optional<MoneyUsed> used = {};           // in the month and day of `now` (UTC)
  std::span<const VelocityRule> velocity = {};  // with what was sent
};

struct EmailClaimFacts {
  bool address_blocked = false;  // it bounced or complained
  bool wanted = true;            // the customer has not refused e-mail
};

struct MayClaim {};
struct WaitUntil {
  TimePoint time;  // quiet hours end
};
/// A Reason: the notification does not go by this channel.
using ClaimVerdict = std::variant<MayClaim, Reason, WaitUntil>;

/// True where it waits in `from` (`accepted` for SMS, `email_due` for e-mail) and its time has
/// come. Otherwise there is nothing to claim: it has moved on, or another worker has it.
bool is_due(const Notification& n, State from, TimePoint now);

ClaimVerdict judge_sms_claim(const Notification& n, const SmsClaimFacts& facts,
                             const ClaimTerms& terms);
ClaimVerdict judge_email_claim(const Notification& n, const EmailClaimFacts& facts);

/// Makes `n` what it is once claimed: state, version, number of the attempt, lease, and for an SMS
/// in live mode the reserved money. Only after MayClaim.
void take_claim(Notification& n, const ClaimTerms& terms);

/// What the history says of it.
inline constexpr std::string_view claim_cause = "claimed";

}  // namespace postrider::domain
