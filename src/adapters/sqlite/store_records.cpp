// Records: what stages decided, applied by compare-and-set.
#include "adapters/sqlite/history.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/sqlite_notification_store.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::Change;
using domain::MoneyEffect;
using domain::State;

constexpr const char* select_current =
    "SELECT 1 FROM notifications WHERE seq = ? AND state = ? AND version = ?";

constexpr const char* update_moved =
    "UPDATE notifications SET state = ?, version = ?, due_at = ?, reason = ?, attempts = ?,"
    " sms_tries = ?, email_tries = ?, sms_submitted = ?, proof = ?, history = history || ?,"
    " reserved = ?, spent = ?, budget_day = ?"
    " WHERE seq = ? AND state = ? AND version = ?";

// A price that came too late to move anything.
constexpr const char* update_money =
    "UPDATE notifications SET version = ?, reserved = ?, spent = ?, budget_day = ?"
    " WHERE seq = ? AND state = ? AND version = ?";

constexpr const char* update_released = "UPDATE notifications SET released_at = ? WHERE seq = ?";
constexpr const char* select_customer =
    "SELECT shop, mode, customer_id FROM contents WHERE seq = ?";

constexpr const char* write_submission =
    "INSERT INTO attempts(key, channel, outcome, carrier, message_id, error, at, encoding,"
    " segments, price) VALUES(?,?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT(key) DO UPDATE SET channel = excluded.channel, outcome = excluded.outcome,"
    " carrier = excluded.carrier, message_id = excluded.message_id, error = excluded.error,"
    " at = excluded.at, encoding = excluded.encoding, segments = excluded.segments,"
    " price = excluded.price";

constexpr const char* write_receipt =
    "INSERT INTO attempts(key, channel, carrier, error, at, encoding, segments, price,"
    " receipt_outcome, receipt_carrier, receipt_message_id, receipt_proof, receipt_detail,"
    " receipt_at, receipt_price, receipt_segments) VALUES(?, 0, '', '', 0, 0, 0, 0,"
    " ?,?,?,?,?,?,?,?)"
    " ON CONFLICT(key) DO UPDATE SET receipt_outcome = excluded.receipt_outcome,"
    " receipt_carrier = excluded.receipt_carrier,"
    " receipt_message_id = excluded.receipt_message_id, receipt_proof = excluded.receipt_proof,"
    " receipt_detail = excluded.receipt_detail, receipt_at = excluded.receipt_at,"
    " receipt_price = excluded.receipt_price, receipt_segments = excluded.receipt_segments";

constexpr const char* count_late =
    "UPDATE attempts SET late_receipts = late_receipts + 1 WHERE key = ?";

/// A notification's money after a change.
struct Purse {
  domain::Money reserved, spent;
  int day = 0;
  explicit Purse(const Change& change) {
    if (change.money == MoneyEffect::release) return;
    const bool paid = change.money == MoneyEffect::spend;
    reserved = paid ? domain::Money{} : change.reserved;
    spent = paid ? change.spent : change.charged;
    day = change.budget_day;
  }
};

bool is_current(Connection& writer, std::int64_t seq, const Change& change) {
  auto row = writer.query(select_current, seq, change.from, change.version);
  return row.row();
}

std::optional<std::string_view> unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

void write_attempt(Connection& writer, std::int64_t seq, const domain::AttemptUpdate& update,
                   bool again) {
  const auto key = seq * attempts_per_notification + update.no;
  if (update.submission) {
    const auto& s = *update.submission;
    writer.run(write_submission, key, s.channel, s.outcome, s.carrier, unless_empty(s.message_id),
               s.error, s.at, s.encoding, s.segments, s.price);
  }
  if (update.receipt) {
    const auto& r = *update.receipt;
    writer.run(write_receipt, key, r.outcome, r.carrier, r.message_id, r.proof, r.detail, r.at,
               r.price, r.segments);
  }
  if (update.late && !again) writer.run(count_late, key);
}

}  // namespace

domain::Result<std::vector<ports::RecordOutcome>> SqliteNotificationStore::record(
    std::span<const Change> changes) {
  if (changes.empty()) return std::vector<ports::RecordOutcome>{};
  return database_.write(Purpose::settle, [&](Connection& writer) {
    Written t{writer};
    std::vector<ports::RecordOutcome> outcomes;
    outcomes.reserve(changes.size());
    for (const auto& change : changes) outcomes.push_back(record_one(t, change));
    t.budget.write();
    t.counts.write(writer);
    return outcomes;
  });
}

ports::RecordOutcome SqliteNotificationStore::record_one(Written& t, const Change& change) {
  const auto seq = keys_.find(t.writer, change.id);
  if (!seq) return ports::RecordOutcome::stale;
  const bool current = change.to                       ? move(t, *seq, change)
                       : change.changes_notification() ? charge(t, *seq, change)
                                                       : is_current(t.writer, *seq, change);
  // A stale change of the money is decided again, and with it the late receipt is counted again.
  const bool again = !current && change.changes_notification();
  if (change.attempt && (current || change.attempt->owned))
    write_attempt(t.writer, *seq, *change.attempt, again);
  return current ? ports::RecordOutcome::applied : ports::RecordOutcome::stale;
}

bool SqliteNotificationStore::move(Written& t, std::int64_t seq, const Change& change) {
  const auto money = Purse{change};
  write_history_line(t.line, change.at, change.from, *change.to, change.cause);
  t.writer.run(update_moved, *change.to, change.version + 1, change.due_at, change.reason,
               change.attempts, change.sms_tries, change.email_tries, change.sms_submitted,
               change.proof, t.line, money.reserved, money.spent, money.day, seq, change.from,
               change.version);
  if (t.writer.changed_rows() == 0) return false;
  t.counts.left(change.from);
  t.counts.entered(*change.to);
  settle(t, change);
  if (change.from != State::deferred) return true;
  // A slot of the throttle that was meant for a deferred one is used when it wakes, else given up.
  const bool woken = change.to == State::accepted;
  t.writer.run(update_released, woken ? std::optional{change.at} : std::nullopt, seq);
  auto row = t.writer.query(select_customer, seq);
  if (row.row()) throttle_cache_.forget(row.text(0), row.as<domain::Mode>(1), row.text(2));
  return true;
}

bool SqliteNotificationStore::charge(Written& t, std::int64_t seq, const Change& change) {
  const auto money = Purse{change};
  t.writer.run(update_money, change.version + 1, money.reserved, money.spent, money.day, seq,
               change.from, change.version);
  if (t.writer.changed_rows() == 0) return false;
  settle(t, change);
  return true;
}

void SqliteNotificationStore::settle(Written& t, const Change& change) {
  if (change.money == MoneyEffect::release)
    t.budget.settle(change.budget_day, change.reserved, domain::Money{} - change.charged);
  if (change.money == MoneyEffect::spend)
    t.budget.settle(change.budget_day, change.reserved, change.spent - change.charged);
}

}  // namespace postrider::adapters::sqlite
