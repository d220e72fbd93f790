// decide(): from what a notification is and what just happened to what must be written. Pure: the
// pipeline carries the decision out, the store applies it by compare-and-set.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "domain/change.hpp"
#include "domain/policy.hpp"
#include "domain/reason.hpp"

namespace postrider::domain {

// What can happen. Each holds what the decision needs and nothing else.
// `attempt_no` is the number that the claim gave the attempt (the claimed notification's
// `attempts`).
struct CarrierAccepted {  // the carrier answered "accepted"
  int attempt_no = 0;
  Submission submission;
};
struct CarrierRefused {  // a definite refusal of this message
  int attempt_no = 0;
  Submission submission;
  bool for_good = false;
};
struct ProviderUnavailable {  // of either channel; throttled or unreachable: nobody's fault, no try
                              // is used
  Milliseconds retry_after;
  std::string code;
};
struct OutcomeUnknown {  // no definite answer; `owned` when the worker itself says so
  int attempt_no = 0;
  Submission submission;
  bool owned = true;
};
struct SmsRuledOut {  // no SMS will be tried (again)
  Reason reason;
};
struct SmsPostponed {  // quiet hours, a line that is held: not now
  TimePoint until{};
  std::string_view cause = "quiet_hours";
};
struct ReceiptCame {
  int attempt_no = 0;
  Receipt receipt;
};
struct ReceiptNoted {  // about an e-mail that the server took: kept on the attempt, moves nothing
  int attempt_no = 0;
  Receipt receipt;
};
struct ReceiptOverdue {};
struct Woken {};
struct NewerStatus {};
struct MailAccepted {
  int attempt_no = 0;
  Submission submission;
};
struct MailRefused {
  int attempt_no = 0;
  Submission submission;
  bool for_good = false;
};
struct MailLeaseExpired {};
struct NoAddress {  // no e-mail will be tried
  Reason reason;
};
struct MailBounced {
  int attempt_no = 0;
  Receipt receipt;
};
struct Replayed {};
struct Discarded {};

using Input = std::variant<CarrierAccepted, CarrierRefused, ProviderUnavailable, OutcomeUnknown,
                           SmsRuledOut, SmsPostponed, ReceiptCame, ReceiptNoted, ReceiptOverdue,
                           Woken, NewerStatus, MailAccepted, MailRefused, MailLeaseExpired,
                           NoAddress, MailBounced, Replayed, Discarded>;

/// The change to write; nullopt when nothing has to be written at all. A change without `to` only
/// completes an attempt row (late answers and receipts).
std::optional<Change> decide(const Notification& n, const Input& input, const Policy& policy,
                             TimePoint now);

}  // namespace postrider::domain
