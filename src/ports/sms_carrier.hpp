// Submits SMS. The caller has claimed the notifications; the adapter must never send one twice and
// never retry anything by itself. Thread-safe; blocks until each message has an outcome.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/attempt.hpp"
#include "domain/time.hpp"

namespace postrider::ports {

struct Sms {
  domain::NotificationId reference;
  int attempt_no = 0;
  std::string to;         // E.164
  std::string sender_id;  // may be empty
  std::string text;       // UTF-8
  domain::Encoding encoding = domain::Encoding::gsm7;
  int segments = 1;
  domain::SmsType type = domain::SmsType::transactional;
  domain::Money price = {};         // worst case, all parts and fees; 0: not known
  domain::Milliseconds validity{};  // the carrier should not deliver later than this
};

// Outcomes. Only a definite refusal may ever be tried again (reliability: "refusal and unknown").
struct SmsAccepted {
  std::string message_id;  // canonical form
};
struct SmsRefused {  // a complete answer says no to this message
  std::string code;
  bool for_good = false;
  bool opted_out = false;  // the carrier's own list: to be stored and final
};
struct SmsThrottled {  // a complete answer says "slow down": the whole line waits
  domain::Milliseconds retry_after{};
};
struct SmsUnreachable {  // no byte of the request was written
  std::string code;
};
struct SmsNotBegun {};      // it had to wait for its turn until the time for the batch was over
struct SmsAccountProblem {  // a complete refusal that is about our account: stop the line, page
                            // someone
  std::string code;
};
struct SmsUnknown {  // anything else: it may have gone out
  std::string code;
};
using SmsOutcome = std::variant<SmsAccepted, SmsRefused, SmsThrottled, SmsUnreachable, SmsNotBegun,
                                SmsAccountProblem, SmsUnknown>;

class SmsCarrier {
 public:
  virtual ~SmsCarrier() = default;
  virtual std::string name() const = 0;
  /// One outcome per message, in order. Never throws.
  virtual std::vector<SmsOutcome> submit(std::span<const Sms> batch) = 0;
};

}  // namespace postrider::ports
