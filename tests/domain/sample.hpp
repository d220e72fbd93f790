// Notifications and inputs to try decide() with. Test code only, no state.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "domain/delivery/decide.hpp"

namespace postrider::domain::sample {

inline constexpr TimePoint now = from_unix_ms(1'795'564'800'000);  // 2026-11-25T00:00Z
inline constexpr TimePoint submitted = now - std::chrono::seconds{7};
inline constexpr Money price{75'000};
inline constexpr int attempt = 2;  // the one that the notification below has under way

inline std::vector<State> all_states() {
  std::vector<State> states;
  for (std::size_t i = 0; i < state_count; ++i) states.push_back(static_cast<State>(i));
  return states;
}

inline std::vector<Trigger> all_triggers() {
  std::vector<Trigger> triggers;
  for (std::size_t i = 0; i < trigger_count; ++i) triggers.push_back(static_cast<Trigger>(i));
  return triggers;
}

/// A notification that could be in any state: money reserved, second attempt, one try of each kind
/// used.
inline Notification notification(State state) {
  Notification n;
  n.id.bytes = {0x5a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  n.content.phone = "+14254147755";
  n.content.email = "buyer@example.org";
  n.created_at = now - std::chrono::minutes{1};
  n.not_after = now + std::chrono::hours{1};
  n.estimate = price;
  n.state = state;
  n.version = 41;
  n.due_at = now + std::chrono::seconds{30};
  n.reason = "as before";
  n.attempts = attempt;
  n.sms_tries = 1;
  n.email_tries = 1;
  n.reserved = price;
  n.budget_day = 20261110;
  return n;
}

inline Submission sms_submission(Submitted outcome) {
  Submission s;
  s.outcome = outcome;
  s.carrier = "sim";
  s.message_id = outcome == Submitted::accepted ? "m-1" : "";
  s.error = outcome == Submitted::accepted ? "" : "code";
  s.at = submitted;
  s.segments = 1;
  s.price = price;
  return s;
}

inline Submission mail_submission(Submitted outcome) {
  Submission s = sms_submission(outcome);
  s.channel = Channel::email;
  s.carrier = "smtp";
  s.price = {};
  return s;
}

inline Receipt receipt(ReceiptOutcome outcome, Proof proof = Proof::none) {
  Receipt r;
  r.carrier = "sim";
  r.message_id = "m-1";
  r.outcome = outcome;
  r.proof = proof;
  r.at = now;
  return r;
}

inline CarrierAccepted took(int no = attempt) { return {no, sms_submission(Submitted::accepted)}; }
inline CarrierRefused refused(bool for_good, int no = attempt) {
  return {no, sms_submission(Submitted::refused), for_good};
}
inline OutcomeUnknown lost(bool owned, int no = attempt) {
  return {no, sms_submission(Submitted::unknown), owned};
}
inline ReceiptCame came(ReceiptOutcome outcome, Proof proof = Proof::none) {
  return {attempt, receipt(outcome, proof)};
}
inline MailAccepted mail_took() { return {attempt, mail_submission(Submitted::accepted)}; }
inline MailInDoubt mail_in_doubt() { return {attempt, mail_submission(Submitted::unknown)}; }
inline MailRefused mail_refused(bool for_good) {
  return {attempt, mail_submission(Submitted::refused), for_good};
}

struct Named {
  std::string name;
  Input input;
};

/// Every kind of input, in each of its forms that may end differently.
inline std::vector<Named> all_inputs() {
  return {{"carrier took it", took()},
          {"carrier refused it for now", refused(false)},
          {"carrier refused it for good", refused(true)},
          {"provider unavailable", ProviderUnavailable{Milliseconds{2'500}, "throttled"}},
          {"unknown, says the worker", lost(true)},
          {"unknown, says the sweeper", lost(false)},
          {"SMS ruled out", SmsRuledOut{Reason::opted_out}},
          {"SMS postponed", SmsPostponed{now + Milliseconds{60'000}}},
          {"receipt delivered", came(ReceiptOutcome::delivered, Proof::handset)},
          {"receipt accepted", came(ReceiptOutcome::accepted)},
          {"receipt failed for now", came(ReceiptOutcome::failed_temporary)},
          {"receipt failed for good", came(ReceiptOutcome::failed_permanent)},
          {"receipt opted out", came(ReceiptOutcome::opted_out)},
          {"receipt account", came(ReceiptOutcome::account)},
          {"receipt noted", ReceiptNoted{attempt, receipt(ReceiptOutcome::delivered)}},
          {"receipt overdue", ReceiptOverdue{}},
          {"woken", Woken{}},
          {"newer told", NewerTold{}},
          {"held back", HeldBack{now + Milliseconds{60'000}}},
          {"mail took it", mail_took()},
          {"mail refused it for now", mail_refused(false)},
          {"mail refused it for good", mail_refused(true)},
          {"mail in doubt", mail_in_doubt()},
          {"mail lease expired", MailLeaseExpired{}},
          {"no address", NoAddress{Reason::no_email}},
          {"mail bounced", MailBounced{attempt, receipt(ReceiptOutcome::failed_permanent)}},
          {"replayed", Replayed{}},
          {"discarded", Discarded{}}};
}

}  // namespace postrider::domain::sample
