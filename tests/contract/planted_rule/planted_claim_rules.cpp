// The claim rules with one more: an order called "planted" is never claimed. Linked in place of the
// domain's own file; all other rules are that file's.
#define judge_sms_claim real_judge_sms_claim
#define judge_email_claim real_judge_email_claim
#include "domain/delivery/claim_rules.cpp"
#undef judge_sms_claim
#undef judge_email_claim

namespace postrider::domain {

constexpr std::string_view planted = "planted";

ClaimVerdict judge_sms_claim(const Notification& n, const SmsClaimFacts& facts,
                             const ClaimTerms& terms) {
  if (n.order_id == planted) return Reason::too_dear;
  return real_judge_sms_claim(n, facts, terms);
}

ClaimVerdict judge_email_claim(const Notification& n, const EmailClaimFacts& facts,
                               const ClaimTerms& terms) {
  if (n.order_id == planted) return Reason::too_dear;
  return real_judge_email_claim(n, facts, terms);
}

}  // namespace postrider::domain
