// An attempt: one submission of a notification to a provider, with the receipt that came for it.
// Plain values and the codes of their enumerations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/money.hpp"
#include "domain/notification_id.hpp"
#include "domain/time.hpp"

namespace postrider::domain {

enum class Channel : std::uint8_t { sms, email };
enum class Encoding : std::uint8_t { gsm7, ucs2 };
enum class Proof : std::uint8_t { none, carrier, handset };

/// The kind of an SMS, which carriers ask for: transactional where the customer waits for it. Some
/// countries have other hours, prices and filters for promotional SMS.
enum class SmsType : std::uint8_t { transactional, promotional };

/// The end of a submission. `unknown`: no definite answer came, so the message may have gone out.
enum class Submitted : std::uint8_t { accepted, refused, unknown };

/// The sender's half of an attempt. Written once: by the worker that made the attempt, or as
/// `unknown` by the sweeper where that worker died.
struct Submission {
  Channel channel = Channel::sms;
  Submitted outcome = Submitted::unknown;
  std::string carrier;     // name of the carrier or "smtp", "outbox"
  std::string message_id;  // canonical form; empty when the provider gave none
  std::string error;       // a code, never a provider's free text
  TimePoint at{};
  Encoding encoding = Encoding::gsm7;
  int segments = 0;
  Money price;  // worst case at submission
};

/// The classes of receipts. One table per provider maps the provider's codes to them.
enum class ReceiptOutcome : std::uint8_t {
  delivered,
  accepted,  // not final
  failed_temporary,
  failed_permanent,
  opted_out,
  account,  // the provider blames our account: its breaker holds, the customer is not at fault
};

/// The detail of a receipt whose word is in no table of its provider. Such a receipt is `accepted`:
/// nobody knows whether the word is a failure, and an e-mail can't be taken back.
inline constexpr std::string_view unknown_word = "unknown_status";

/// An attempt as our submission names it to the carrier.
struct AttemptReference {
  NotificationId notification;
  int attempt_no = 0;

  friend bool operator==(const AttemptReference&, const AttemptReference&) = default;
};

/// A provider's report on a message that it took.
struct Receipt {
  std::string carrier;
  std::string message_id;  // canonical form
  ReceiptOutcome outcome = ReceiptOutcome::accepted;
  Proof proof = Proof::none;
  std::string detail;  // a code, never a provider's free text
  TimePoint at{};      // the provider's time
  std::optional<Money> price;
  std::optional<int> segments;
  /// The attempt, where the carrier returns the reference of the submission: the receipt then
  /// matches without the message id.
  std::optional<AttemptReference> reference = std::nullopt;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// True for a receipt whose word its provider's table lacks.
inline bool has_unknown_word(const Receipt& receipt) {
  return receipt.outcome == ReceiptOutcome::accepted && receipt.detail == unknown_word;
}

/// An attempt as stores keep it, with both halves.
struct Attempt {
  NotificationId notification;
  int no = 0;  // 1, 2, … within the notification, over both channels
  Submission submission;
  std::optional<Receipt> receipt;  // the last one that counted
  int late_receipts = 0;           // deliveries reported after the notification's end
};

/// The codes that the API, the database and the logs have; parse_…: nullopt for any other text.
std::string_view name(Channel channel);
std::string_view name(Encoding encoding);
std::string_view name(Proof proof);
std::string_view name(SmsType type);
std::string_view name(Submitted outcome);
std::string_view name(ReceiptOutcome outcome);
std::optional<ReceiptOutcome> parse_receipt_outcome(std::string_view text);
std::optional<Proof> parse_proof(std::string_view text);

}  // namespace postrider::domain
