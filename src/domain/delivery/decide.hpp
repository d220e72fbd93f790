// decide(): the change that follows from a notification, an input (something that happened to it)
// and the policy. Pure: the pipeline carries the decision out, the store applies it by
// compare-and-set.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "domain/delivery/change.hpp"
#include "domain/policy.hpp"
#include "domain/reason.hpp"

namespace postrider::domain {

// The inputs. Each says in one line what happened, and holds what the decision needs of it.
// `attempt_no` is the number that the claim gave the attempt (the claimed notification's
// `attempts`).
/// The carrier answered that it took the SMS.
struct CarrierAccepted {
  int attempt_no = 0;
  Submission submission;
};
/// The carrier definitely refused this SMS; `for_good`: it would refuse the same SMS again.
struct CarrierRefused {
  int attempt_no = 0;
  Submission submission;
  bool for_good = false;
};
/// The provider of either channel could not take a message now (throttled, unreachable, account),
/// or the time of the batch was over. The attempt counts as not begun and uses no try.
struct ProviderUnavailable {
  Milliseconds retry_after;
  std::string code;
  std::string_view held = "line";  // what waits: "line", or "country" where only that does
};
/// No definite answer came to an SMS; `owned`: its own worker reports that, and not the sweeper.
struct OutcomeUnknown {
  int attempt_no = 0;
  Submission submission;
  bool owned = true;
};
/// The claim rules or the sweeper ruled out any further SMS.
struct SmsRuledOut {
  Reason reason;
};
/// The SMS has to wait: for the end of quiet hours, or of a breaker's hold.
struct SmsPostponed {
  TimePoint until{};
  std::string_view cause = "quiet_hours";
};
/// A receipt came for an SMS.
struct ReceiptCame {
  int attempt_no = 0;
  Receipt receipt;
};
/// A receipt other than a bounce came for an e-mail: the attempt keeps it, nothing moves.
struct ReceiptNoted {
  int attempt_no = 0;
  Receipt receipt;
};
/// The wait for the receipt of an SMS is over.
struct ReceiptOverdue {};
/// The time of a deferred notification has come.
struct Woken {};
/// The customer was told of a later status of the same order.
struct NewerTold {};
/// Another notification of the same order goes first; this one is looked at again at `until`.
struct HeldBack {
  TimePoint until{};
};
/// The mail server took the e-mail.
struct MailAccepted {
  int attempt_no = 0;
  Submission submission;
};
/// The mail server refused the e-mail because of the mail or its recipient, for now or (`for_good`)
/// for ever.
struct MailRefused {
  int attempt_no = 0;
  Submission submission;
  bool for_good = false;
};
/// No definite answer came to an e-mail: the server may have taken it.
struct MailInDoubt {
  int attempt_no = 0;
  Submission submission;
};
/// The lease of a claimed e-mail ran out without an outcome: its worker is gone.
struct MailLeaseExpired {};
/// The claim rules ruled out the e-mail.
struct NoAddress {
  Reason reason;
};
/// An e-mail came back, or was given up, after the server had taken it.
struct MailBounced {
  int attempt_no = 0;
  Receipt receipt;
};
/// An operator sends a dead letter again.
struct Replayed {};
/// An operator discards a dead letter.
struct Discarded {};

using Input = std::variant<CarrierAccepted, CarrierRefused, ProviderUnavailable, OutcomeUnknown,
                           SmsRuledOut, SmsPostponed, ReceiptCame, ReceiptNoted, ReceiptOverdue,
                           Woken, NewerTold, HeldBack, MailAccepted, MailRefused, MailInDoubt,
                           MailLeaseExpired, NoAddress, MailBounced, Replayed, Discarded>;

/// The change to write at `now`; nullopt where nothing has to be written. A change without `to`
/// only completes an attempt row (late answers and receipts).
std::optional<Change> decide(const Notification& n, const Input& input, const Policy& policy,
                             TimePoint now);

}  // namespace postrider::domain
