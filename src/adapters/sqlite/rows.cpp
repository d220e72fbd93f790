#include "adapters/sqlite/rows.hpp"

#include "adapters/sqlite/database/schema.hpp"

namespace postrider::adapters::sqlite {

namespace {

domain::Notification standing_of(RowReader& row) {
  domain::Notification n;
  n.id = row.id(1);
  n.created_at = row.time(2);
  n.state = row.word<domain::State>(3);
  n.version = row.integer(4);
  n.priority = row.word<domain::Priority>(5);
  n.content.segments = row.small(6);
  n.due_at = row.optional_time(7);
  n.reason = row.text(8);
  n.attempts = row.small(9);
  n.sms_tries = row.small(10);
  n.email_tries = row.small(11);
  n.sms_submitted = row.flag(12);
  n.reserved = row.money(13);
  n.budget_day = row.small(14);
  n.proof = row.word<domain::Proof>(15);
  n.spent = row.money(16);
  n.mode = row.word<domain::Mode>(17);
  n.not_after = row.time(18);
  n.estimate = row.money(19);
  n.content.phone = row.text(20);
  n.content.email = row.text(21);
  n.content.country = row.text(22);
  n.mail_submitted = row.flag(23);
  n.mail_waited = domain::Milliseconds{row.integer(24)};
  return n;
}

}  // namespace

std::optional<domain::Notification> read_standing(const Query& current) {
  RowReader row{current};
  auto n = standing_of(row);
  if (!row.readable()) return std::nullopt;
  return n;
}

std::optional<domain::Notification> read_notification(const Query& current) {
  RowReader row{current};
  auto n = standing_of(row);
  n.shop = row.text(25);
  n.order_id = row.text(26);
  n.customer_id = row.text(27);
  n.status = row.text(28);
  n.explicit_key = row.flag(29);
  n.fingerprint = row.id(30);
  n.occurred_at = row.optional_time(31);
  n.content.locale = row.text(32);
  n.content.encoding = row.word<domain::Encoding>(33);
  n.content.sms_text = row.text(34);
  n.content.email_subject = row.text(35);
  n.content.email_text = row.text(36);
  n.content.template_version = row.text(37);
  n.content.plain_segments = row.small(38);
  n.content.quiet = domain::parse_quiet_times(row.text(39));
  n.content.sms_type = row.word<domain::SmsType>(40);
  n.parcel = row.text(41);
  n.intake = intake_of(row.integer(42), n.created_at);
  if (!row.readable()) return std::nullopt;
  return n;
}

Query attempts_at(Connection& connection, std::int64_t seq) {
  constexpr const char* select =
      "SELECT " POSTRIDER_ATTEMPT_COLUMNS " FROM attempts WHERE key BETWEEN ? AND ? ORDER BY key";
  const auto first = seq * attempts_per_notification;
  return connection.query(select, first, first + attempts_per_notification - 1);
}

std::optional<domain::Attempt> read_attempt(const Query& current,
                                            const domain::NotificationId& id) {
  RowReader row{current};
  domain::Attempt attempt;
  attempt.notification = id;
  attempt.no = static_cast<int>(row.integer(0) % attempts_per_notification);
  auto& s = attempt.submission;
  s.channel = row.word<domain::Channel>(1);
  if (!current.is_null(2)) s.outcome = row.word<domain::Submitted>(2);
  s.carrier = row.text(3);
  if (!current.is_null(4)) s.message_id = row.text(4);
  s.error = row.text(5);
  s.at = row.time(6);
  s.encoding = row.word<domain::Encoding>(7);
  s.segments = row.small(8);
  s.price = row.money(9);
  if (!current.is_null(10)) {
    domain::Receipt r;
    r.outcome = row.word<domain::ReceiptOutcome>(10);
    r.carrier = current.is_null(11) ? s.carrier : std::string{row.text(11)};
    r.message_id = current.is_null(12) ? s.message_id : std::string{row.text(12)};
    r.proof = row.word<domain::Proof>(13);
    r.detail = row.text(14);
    r.at = row.time(15);
    if (!current.is_null(16)) r.price = row.money(16);
    if (!current.is_null(17)) r.segments = row.small(17);
    attempt.receipt = std::move(r);
  }
  attempt.late_receipts = row.small(18);
  if (!row.readable()) return std::nullopt;
  return attempt;
}

}  // namespace postrider::adapters::sqlite
