// The rules of a claim: whether a worker may take a due notification to send it now. A store
// gathers the facts, asks the rules, and writes the verdict in the same transaction. The order of
// the rules decides which reason a record shows. Pure.
#pragma once

#include <optional>
#include <span>
#include <variant>

#include "domain/delivery/chain.hpp"
#include "domain/limits/budget_effect.hpp"
#include "domain/limits/velocity.hpp"
#include "domain/notification.hpp"
#include "domain/policy.hpp"
#include "domain/reason.hpp"

namespace postrider::domain {

/// The terms of a claim: its time, its lease and the limits in force.
struct ClaimTerms {
  TimePoint now;
  Milliseconds lease;            // `due_at` becomes now + lease
  Limits limits = {};            // SMS: spent + reserved + estimate must stay at or below them
  VelocityLimits velocity = {};  // SMS
};

/// An SMS of the notification that has arrived, as the receipt says that its attempt keeps.
struct Arrival {
  int attempt_no = 0;
  Receipt receipt;
};
/// The first arrival among the attempts of a notification; nullopt where no SMS has arrived.
std::optional<Arrival> arrival_among(std::span<const Attempt> attempts);

/// The facts that decide the claim of an SMS. A fact that is not known yet is taken to allow the
/// claim: a store that learns its facts in steps asks the rules again with more of them.
struct SmsClaimFacts {
  std::optional<Arrival> arrival = {};
  ChainFacts chain = {};
  bool opted_out = false;                       // the number, by any list
  bool wanted = true;                           // the customer has not refused SMS
  std::optional<MoneyUsed> used = {};           // in the month and day of `now` (UTC)
  std::span<const VelocityRule> velocity = {};  // with the SMS sent so far
};

/// The facts that decide the claim of an e-mail.
struct EmailClaimFacts {
  std::optional<Arrival> arrival = {};
  ChainFacts chain = {};
  bool address_blocked = false;  // it bounced or complained
  bool wanted = true;            // the customer has not refused e-mail
};

struct MayClaim {};
struct WaitUntil {
  TimePoint time;  // quiet hours end
};
/// The customer was told of a later status of the order.
struct IsSuperseded {};
/// Another notification of the order goes first.
struct MustWait {
  TimePoint until;  // to be looked at again
};
/// An earlier SMS has arrived: its receipt came while a later attempt was under way, and ended no
/// claim then.
struct HasArrived {
  Arrival arrival;
};
/// The verdict on a claim. A Reason: the notification does not go by this channel.
using ClaimVerdict = std::variant<MayClaim, Reason, WaitUntil, IsSuperseded, MustWait, HasArrived>;

/// True where `n` waits in `from` (`accepted` for SMS, `email_due` for e-mail) and its time has
/// come. Otherwise nothing can be claimed: the notification moved on, or another worker has it.
bool is_due(const Notification& n, State from, TimePoint now);

/// The verdict on the claim of a notification that is_due(). In test mode neither money nor
/// velocity limits count.
ClaimVerdict judge_sms_claim(const Notification& n, const SmsClaimFacts& facts,
                             const ClaimTerms& terms);
ClaimVerdict judge_email_claim(const Notification& n, const EmailClaimFacts& facts,
                               const ClaimTerms& terms);

/// Applies a claim to `n`: state, version, number of the attempt, lease, and for an SMS in live
/// mode the reserved money. Only after MayClaim.
void take_claim(Notification& n, const ClaimTerms& terms);

/// The cause of a claim in the history.
inline constexpr std::string_view claim_cause = "claimed";

}  // namespace postrider::domain
