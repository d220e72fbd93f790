#include "adapters/sqlite/rows.hpp"

#include "adapters/sqlite/database/schema.hpp"

namespace postrider::adapters::sqlite {

namespace {

constexpr std::size_t of_two = 2;  // modes, encodings, types of SMS
constexpr std::size_t priorities = static_cast<std::size_t>(domain::Priority::normal) + 1;
constexpr std::size_t proofs = 3;

}  // namespace

bool is_readable(const Query& row, const WordColumns& at) {
  return row.is_id(at.id) && row.is_enum(at.state, domain::state_count) &&
         row.is_enum(at.priority, priorities) && row.is_enum(at.proof, proofs) &&
         row.is_enum(at.mode, of_two) && row.is_enum(at.encoding, of_two) &&
         row.is_enum(at.sms_type, of_two);
}

domain::Notification read_standing(const Query& row) {
  domain::Notification n;
  n.id = row.id(1);
  n.created_at = row.time(2);
  n.state = row.as<domain::State>(3);
  n.version = row.integer(4);
  n.priority = row.as<domain::Priority>(5);
  n.content.segments = row.small(6);
  n.due_at = row.optional_time(7);
  n.reason = row.text(8);
  n.attempts = row.small(9);
  n.sms_tries = row.small(10);
  n.email_tries = row.small(11);
  n.sms_submitted = row.integer(12) != 0;
  n.reserved = row.money(13);
  n.budget_day = row.small(14);
  n.proof = row.as<domain::Proof>(15);
  n.spent = row.money(16);
  n.mode = row.as<domain::Mode>(17);
  n.not_after = row.time(18);
  n.estimate = row.money(19);
  n.content.phone = row.text(20);
  n.content.email = row.text(21);
  n.content.country = row.text(22);
  n.mail_submitted = row.integer(23) != 0;
  n.mail_waited = domain::Milliseconds{row.integer(24)};
  return n;
}

domain::Notification read_notification(const Query& row) {
  auto n = read_standing(row);
  n.shop = row.text(25);
  n.order_id = row.text(26);
  n.customer_id = row.text(27);
  n.status = row.text(28);
  n.explicit_key = row.integer(29) != 0;
  n.fingerprint = row.id(30);
  n.occurred_at = row.optional_time(31);
  n.content.locale = row.text(32);
  n.content.encoding = row.as<domain::Encoding>(33);
  n.content.sms_text = row.text(34);
  n.content.email_subject = row.text(35);
  n.content.email_text = row.text(36);
  n.content.template_version = row.text(37);
  n.content.plain_segments = row.small(38);
  n.content.quiet = domain::parse_quiet_times(row.text(39));
  n.content.sms_type = row.as<domain::SmsType>(40);
  n.parcel = row.text(41);
  n.intake = intake_of(row.integer(42), n.created_at);
  return n;
}

domain::Attempt read_attempt(const Query& row, const domain::NotificationId& id) {
  domain::Attempt attempt;
  attempt.notification = id;
  attempt.no = static_cast<int>(row.integer(0) % attempts_per_notification);
  auto& s = attempt.submission;
  s.channel = row.as<domain::Channel>(1);
  s.outcome = row.is_null(2) ? domain::Submitted::unknown : row.as<domain::Submitted>(2);
  s.carrier = row.text(3);
  s.message_id = row.text(4);
  s.error = row.text(5);
  s.at = row.time(6);
  s.encoding = row.as<domain::Encoding>(7);
  s.segments = row.small(8);
  s.price = row.money(9);
  if (!row.is_null(10)) {
    domain::Receipt r;
    r.outcome = row.as<domain::ReceiptOutcome>(10);
    r.carrier = row.is_null(11) ? s.carrier : row.string(11);
    r.message_id = row.is_null(12) ? s.message_id : row.string(12);
    r.proof = row.as<domain::Proof>(13);
    r.detail = row.text(14);
    r.at = row.time(15);
    if (!row.is_null(16)) r.price = row.money(16);
    if (!row.is_null(17)) r.segments = row.small(17);
    attempt.receipt = std::move(r);
  }
  attempt.late_receipts = row.small(18);
  return attempt;
}

}  // namespace postrider::adapters::sqlite
