// The columns of a notification and of an attempt, in one place, and readers of their rows. For the
// thread that has the connection.
#pragma once

#include "adapters/sqlite/database/connection.hpp"
#include "domain/notification.hpp"

namespace postrider::adapters::sqlite {

// `n` is notifications, `c` is contents. Macros, so that statements are constants.

// What decisions need of a notification: where it stands, its money, whom it reaches.
#define POSTRIDER_STANDING_COLUMNS                                                              \
  "n.seq, n.id, n.created_at, n.state, n.version, n.priority, n.segments, n.due_at, n.reason, " \
  "n.attempts, n.sms_tries, n.email_tries, n.sms_submitted, n.reserved, n.budget_day, "         \
  "n.proof, n.spent, c.mode, c.not_after, c.estimate, c.phone, c.email, c.country, "            \
  "n.mail_submitted, n.mail_waited"
/// The first column after them.
inline constexpr int after_standing_columns = 25;

#define POSTRIDER_NOTIFICATION_COLUMNS                                               \
  POSTRIDER_STANDING_COLUMNS                                                         \
  ", c.shop, c.order_id, c.customer_id, c.status, c.explicit_key, c.fingerprint, "   \
  "c.occurred_at, c.locale, c.encoding, c.sms_text, c.email_subject, c.email_text, " \
  "c.template, c.plain_segments, c.quiet, c.sms_type, c.parcel, c.intake"
/// The first column after them.
inline constexpr int after_notification_columns = 43;

/// The time of intake in microseconds. `kept`: as the column has it; 0 in rows of before version 4,
/// whose order within a millisecond is that of their `seq`.
inline std::int64_t intake_of(std::int64_t kept, domain::TimePoint created_at) {
  return kept != 0 ? kept : domain::to_unix_ms(created_at) * 1000;
}

/// The columns of a notification that are words of a list.
struct WordColumns {
  int id = 1, state = 3, priority = 5, proof = 15, mode = 17, encoding = 33, sms_type = 40;
};
/// True where this version knows all words of the current row's whole notification. One that it
/// does not know was written by hand, or the disk is damaged.
bool is_readable(const Query& row, const WordColumns& at = {});

/// The current row's notification without its order, customer and texts; the standing columns start
/// at 0.
domain::Notification read_standing(const Query& row);

/// The current row's whole notification; its columns start at 0.
domain::Notification read_notification(const Query& row);

#define POSTRIDER_ATTEMPT_COLUMNS                                                         \
  "key, channel, outcome, carrier, message_id, error, at, encoding, segments, price, "    \
  "receipt_outcome, receipt_carrier, receipt_message_id, receipt_proof, receipt_detail, " \
  "receipt_at, receipt_price, receipt_segments, late_receipts"

domain::Attempt read_attempt(const Query& row, const domain::NotificationId& id);

}  // namespace postrider::adapters::sqlite
