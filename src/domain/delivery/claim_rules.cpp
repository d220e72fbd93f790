#include "domain/delivery/claim_rules.hpp"

#include <cassert>

#include "domain/delivery/lifecycle.hpp"

namespace postrider::domain {

namespace {

/// The verdict of the chain alone.
ClaimVerdict judge_place(const Notification& n, const ChainFacts& chain, TimePoint now) {
  switch (judge_claim(chain)) {
    case ChainVerdict::superseded: return IsSuperseded{};
    case ChainVerdict::held_back: return MustWait{look_again_at(n, chain.newer_due, now)};
    case ChainVerdict::may_go: break;
  }
  return MayClaim{};
}

}  // namespace

std::optional<Arrival> arrival_among(std::span<const Attempt> attempts) {
  for (const auto& attempt : attempts)
    if (attempt.submission.channel == Channel::sms && attempt.receipt &&
        attempt.receipt->outcome == ReceiptOutcome::delivered)
      return Arrival{attempt.no, *attempt.receipt};
  return std::nullopt;
}

bool is_due(const Notification& n, State from, TimePoint now) {
  return n.state == from && n.due_at && *n.due_at <= now;
}

ClaimVerdict judge_sms_claim(const Notification& n, const SmsClaimFacts& facts,
                             const ClaimTerms& terms) {
  if (facts.arrival) return HasArrived{*facts.arrival};
  const auto place = judge_place(n, facts.chain, terms.now);
  if (!std::holds_alternative<MayClaim>(place)) return place;
  if (facts.opted_out) return Reason::opted_out;
  if (!facts.wanted) return Reason::sms_not_wanted;
  if (terms.now > n.not_after) return Reason::too_late;
  if (const auto until = quiet_until(n.content.quiet, terms.now)) return WaitUntil{*until};
  if (n.mode == Mode::test) return MayClaim{};  // a test message costs nothing and reaches nobody
  if (facts.used)
    if (const auto over = over_limit(*facts.used, n.estimate, terms.limits); over != Reason::none)
      return over;
  if (const auto over = over_velocity(facts.velocity); over != Reason::none) return over;
  return MayClaim{};
}

ClaimVerdict judge_email_claim(const Notification& n, const EmailClaimFacts& facts,
                               const ClaimTerms& terms) {
  if (facts.arrival) return HasArrived{*facts.arrival};
  const auto place = judge_place(n, facts.chain, terms.now);
  if (!std::holds_alternative<MayClaim>(place)) return place;
  if (n.content.email.empty()) return Reason::no_email;
  if (facts.address_blocked) return Reason::address_blocked;
  if (!facts.wanted) return Reason::email_not_wanted;
  return MayClaim{};
}

void take_claim(Notification& n, const ClaimTerms& terms) {
  const bool by_sms = n.state == State::accepted;
  const auto to = next_state(n.state, by_sms ? Trigger::sms_claimed : Trigger::email_claimed);
  assert(to);
  n.state = *to;
  ++n.version;
  ++n.attempts;
  n.due_at = terms.now + terms.lease;
  if (by_sms && n.mode == Mode::live) {
    // The day is set also where the estimate is zero: a receipt may still name a price.
    n.reserved = n.estimate;
    n.budget_day = day_of(terms.now);
  }
}

}  // namespace postrider::domain
