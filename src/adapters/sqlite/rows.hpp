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

/// Reads the columns of the current row, and knows at the end whether each had a value of its kind.
/// One that has not was written by hand or by a newer version, or the disk is damaged.
class RowReader {
 public:
  explicit RowReader(const Query& row) : row_{row} {}

  std::int64_t integer(int column) {
    readable_ = readable_ && row_.is_integer(column);
    return row_.integer(column);
  }
  int small(int column) { return static_cast<int>(integer(column)); }
  bool flag(int column) { return integer(column) != 0; }
  domain::TimePoint time(int column) { return domain::from_unix_ms(integer(column)); }
  domain::Money money(int column) { return {integer(column)}; }
  std::optional<domain::TimePoint> optional_time(int column) {
    if (row_.is_null(column)) return std::nullopt;
    return time(column);
  }
  std::string_view text(int column) {
    readable_ = readable_ && row_.is_text(column);
    return row_.text(column);
  }
  domain::NotificationId id(int column) {
    readable_ = readable_ && row_.is_id(column);
    return row_.id(column);
  }
  template <class Enum>
  Enum word(int column) {
    const auto value = row_.word<Enum>(column);
    readable_ = readable_ && value.has_value();
    return value.value_or(Enum{});
  }
  bool readable() const { return readable_; }

 private:
  const Query& row_;
  bool readable_ = true;
};

/// The current row's notification without its order, customer and texts; the standing columns start
/// at 0. nullopt: it can't be read.
std::optional<domain::Notification> read_standing(const Query& row);

/// The current row's whole notification; its columns start at 0. nullopt: it can't be read.
std::optional<domain::Notification> read_notification(const Query& row);

#define POSTRIDER_ATTEMPT_COLUMNS                                                         \
  "key, channel, outcome, carrier, message_id, error, at, encoding, segments, price, "    \
  "receipt_outcome, receipt_carrier, receipt_message_id, receipt_proof, receipt_detail, " \
  "receipt_at, receipt_price, receipt_segments, late_receipts"

/// The attempts of the notification at `seq`, in order, for read_attempt().
Query attempts_at(Connection& connection, std::int64_t seq);

/// nullopt: it can't be read.
std::optional<domain::Attempt> read_attempt(const Query& row, const domain::NotificationId& id);

}  // namespace postrider::adapters::sqlite
