// One try to get a message out, and what the provider later said of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/money.hpp"
#include "domain/notification_id.hpp"
#include "domain/time.hpp"

namespace postrider::domain {

enum class Channel : std::uint8_t { sms, email };
enum class Encoding : std::uint8_t { gsm7, ucs2 };
enum class Proof : std::uint8_t { none, carrier, handset };

/// What carriers ask of a sender: whether the customer waits for it. Some countries have other
/// hours, prices and filters for what is promotional.
enum class SmsType : std::uint8_t { transactional, promotional };

/// How a submission ended.
enum class Submitted : std::uint8_t { accepted, refused, unknown };

/// What the sender knows of its own attempt. Written once, by the worker that made the attempt
/// (or by the sweeper as `unknown` when that worker is gone).
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

/// A provider's classes of receipt (one table per provider maps its texts to these).
enum class ReceiptOutcome : std::uint8_t {
  delivered,
  accepted,  // not final
  failed_temporary,
  failed_permanent,
  opted_out,
  account,  // our account is the problem: the line stops, the customer is not to blame
};

struct AttemptReference {
  NotificationId notification;
  int attempt_no = 0;

  friend bool operator==(const AttemptReference&, const AttemptReference&) = default;
};

struct Receipt {
  std::string carrier;
  std::string message_id;  // canonical form
  ReceiptOutcome outcome = ReceiptOutcome::accepted;
  Proof proof = Proof::none;
  std::string detail;  // a code, never a provider's free text
  TimePoint at{};      // the provider's time
  std::optional<Money> price;
  std::optional<int> segments;
  /// What the carrier gave back of our own: the attempt, where it says so without the message id.
  std::optional<AttemptReference> reference = std::nullopt;

  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// The attempt as it is kept.
struct Attempt {
  NotificationId notification;
  int no = 0;  // 1, 2, … within the notification, over both channels
  Submission submission;
  std::optional<Receipt> receipt;  // the last one that counted
  int late_receipts = 0;           // deliveries reported after the notification had ended
};

std::string_view name(Channel channel);
std::string_view name(Encoding encoding);
std::string_view name(Proof proof);
std::string_view name(SmsType type);
std::string_view name(Submitted outcome);
std::string_view name(ReceiptOutcome outcome);
std::optional<ReceiptOutcome> parse_receipt_outcome(std::string_view text);
std::optional<Proof> parse_proof(std::string_view text);

}  // namespace postrider::domain
