// A carrier: submits SMS that the caller has claimed. An adapter must never send an SMS twice and
// never retry by itself. Thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "domain/delivery/attempt.hpp"
#include "domain/delivery/fault.hpp"
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
  domain::Money max_price = {};     // the most that the carrier may bill for it; 0: no limit
  domain::Milliseconds validity{};  // the carrier should not deliver later than this
};

// The outcomes.
/// The carrier took the message.
struct SmsAccepted {
  std::string message_id;  // canonical form
};
/// The carrier did not take the message, or (`Fault::unknown`) may have taken it. Any other fault
/// is a definite refusal: no byte of the request was written, or a complete answer refuses it. Only
/// such a message may ever be sent again (reliability: "refusal and unknown").
struct SmsFailed {
  domain::Fault fault = domain::Fault::unknown;
  std::string code;
  domain::Milliseconds retry_after{};  // the wait that the carrier asks for; 0: none
};
/// The time in which the message might have been begun was over.
struct SmsNotBegun {};
using SmsOutcome = std::variant<SmsAccepted, SmsFailed, SmsNotBegun>;

class SmsCarrier {
 public:
  virtual ~SmsCarrier() = default;
  /// The carrier's name in records.
  virtual std::string name() const = 0;
  /// The number of messages that it can have under way at once, over all callers. What is claimed
  /// beyond that would only wait, and be unknown after a crash.
  virtual int width() const = 0;
  static constexpr int unlimited_width = std::numeric_limits<int>::max();
  /// Connects, as far as that can be done without a message, so that a carrier that can't be
  /// reached costs none. Empty where that works, else the code of what is wrong. Blocks.
  virtual std::string reach() { return {}; }
  /// Submits messages; one outcome per message, in order. No message is begun at `until` or later,
  /// also where the process stood still meanwhile, though one that was begun may end later. Never
  /// throws.
  virtual std::vector<SmsOutcome> submit(std::span<const Sms> batch, domain::TimePoint until) = 0;

  /// A function that gets the outcome of the message at `index` of its batch, once. Any thread may
  /// call it; it must neither wait nor throw.
  using Ended = std::function<void(std::size_t index, SmsOutcome outcome)>;
  /// As submit(), but each outcome goes to `ended` as soon as it is there, so that one slow answer
  /// holds up no other message. A carrier that can do so returns before.
  virtual void start(std::vector<Sms> batch, domain::TimePoint until, Ended ended) {
    auto outcomes = submit(batch, until);
    for (std::size_t i = 0; i < outcomes.size(); ++i) ended(i, std::move(outcomes[i]));
  }
};

}  // namespace postrider::ports
