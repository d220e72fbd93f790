// The notification: one message to one customer about one status of one order, from intake to end.
// Plain values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/contact/quiet_time.hpp"
#include "domain/delivery/attempt.hpp"
#include "domain/delivery/state.hpp"
#include "domain/intake/order_event.hpp"
#include "domain/intake/status.hpp"
#include "domain/money.hpp"
#include "domain/notification_id.hpp"
#include "domain/time.hpp"

namespace postrider::domain {

/// An entry of the history: a move of the notification, when it happened and why.
struct HistoryEntry {
  TimePoint at{};
  std::optional<State> from;  // none at intake
  State to = State::accepted;
  std::string cause;  // a code such as "carrier_accepted" or "refused:invalid_number"

  friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};

/// The addresses and texts of a notification: fixed at intake, so that no later stage needs
/// templates.
struct MessageContent {
  std::string phone;  // E.164, or empty
  std::string email;  // or empty
  std::string locale;
  std::string sms_text;
  Encoding encoding = Encoding::gsm7;
  int segments = 0;
  int plain_segments = 0;        // of the text without replaced characters
  std::string country;           // of the phone number, ISO 3166 alpha-2, or empty
  std::string template_version;  // "de/shipped/1a2b3c4d"
  std::vector<QuietTime> quiet;  // until `not_after`; none for urgent messages
  SmsType sms_type = SmsType::transactional;
  std::string email_subject;
  std::string email_text;

  friend bool operator==(const MessageContent&, const MessageContent&) = default;
};

/// What a repeat of an event is known by.
struct EventIdentity {
  NotificationId id;
  NotificationId fingerprint;  // of the event's content: distinguishes a repeat from a conflict
};

struct Notification {
  NotificationId id;
  std::string shop;
  Mode mode = Mode::live;
  std::string order_id;
  std::string customer_id;
  std::string status;
  std::string parcel;          // of the order; empty: the event is about the whole order
  bool explicit_key = false;   // the event carried a dedupe_key
  NotificationId fingerprint;  // see EventIdentity
  /// The same event in other spellings of its status, under which a store may have it from before
  /// spellings were one. Not stored.
  std::vector<EventIdentity> other_spellings;
  Priority priority = Priority::normal;
  std::optional<TimePoint> occurred_at;
  TimePoint created_at{};
  /// The moment of intake in microseconds of Unix time: grows strictly within a batch and a
  /// process.
  std::int64_t intake = 0;
  TimePoint not_after{};  // no SMS submission after this
  MessageContent content;
  Money estimate;  // worst case of one SMS submission, all parts and fees

  State state = State::accepted;
  std::int64_t version = 0;         // +1 with every change: the compare of compare-and-set
  std::optional<TimePoint> due_at;  // the next time at which a worker or the sweeper acts on it
  std::string reason;               // code of a Reason: why it goes by e-mail, or is dead
  int attempts = 0;                 // attempt rows so far
  int sms_tries = 0;                // tries used; waiting uses none
  int email_tries = 0;
  Milliseconds mail_waited{};   // for the recipient's mail server, since the last replay
  bool sms_submitted = false;   // a submission was accepted or may have been: never again by SMS
  bool mail_submitted = false;  // a mail server took a mail of it, or may have
  Money reserved;               // of `budget_day`, until settled
  Money spent;                  // of `budget_day`: the cost of the SMS as far as it is known
  int budget_day = 0;           // yyyymmdd, fixed at reservation; 0: neither reserved nor spent
  Proof proof = Proof::none;
};

/// True where `repeat`, whose id is stored already, contradicts the first notification: both have a
/// dedupe_key of the shop's own, and the contents of their events differ in more than the spelling
/// of the status. Without such keys the second one is a repeat.
inline bool contradicts(const Notification& repeat, bool first_has_explicit_key,
                        const NotificationId& first_fingerprint) {
  const auto is_first = [&](const EventIdentity& e) { return e.fingerprint == first_fingerprint; };
  return repeat.explicit_key && first_has_explicit_key && repeat.fingerprint != first_fingerprint &&
         std::none_of(repeat.other_spellings.begin(), repeat.other_spellings.end(), is_first);
}

/// A notification with its history and its attempts.
struct NotificationDetails {
  Notification notification;
  std::vector<HistoryEntry> history;
  std::vector<Attempt> attempts;
};

}  // namespace postrider::domain
