// Records of SqliteNotificationStore: decided changes, applied by compare-and-set.
#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/history.hpp"
#include "adapters/sqlite/notification_store.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::Change;
using domain::State;

constexpr const char* select_current =
    "SELECT 1 FROM notifications WHERE seq = ? AND state = ? AND version = ?";

constexpr const char* update_moved =
    "UPDATE notifications SET state = ?, version = ?, due_at = ?, reason = ?, attempts = ?,"
    " sms_tries = ?, email_tries = ?, mail_waited = ?, sms_submitted = ?, mail_submitted = ?,"
    " proof = ?,"
    " history = history || ?,"
    " reserved = ?, spent = ?, budget_day = ?"
    " WHERE seq = ? AND state = ? AND version = ?";

// A price that came too late to move anything.
constexpr const char* update_money =
    "UPDATE notifications SET version = ?, reserved = ?, spent = ?, budget_day = ?"
    " WHERE seq = ? AND state = ? AND version = ?";

constexpr const char* update_due =
    "UPDATE notifications SET version = ?, due_at = ? WHERE seq = ? AND state = ? AND version = ?";

constexpr const char* update_released = "UPDATE notifications SET released_at = ? WHERE seq = ?";
constexpr const char* select_pass = "SELECT person, released_at FROM notifications WHERE seq = ?";

constexpr const char* write_submission =
    "INSERT INTO attempts(key, channel, outcome, carrier, message_id, error, at, encoding,"
    " segments, price, message_hash)"
    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, message_hash(?5))"
    " ON CONFLICT(key) DO UPDATE SET channel = excluded.channel, outcome = excluded.outcome,"
    " carrier = excluded.carrier, message_id = excluded.message_id, error = excluded.error,"
    " at = excluded.at, encoding = excluded.encoding, segments = excluded.segments,"
    " price = excluded.price, message_hash = excluded.message_hash";

// What a receipt says again about its submission is not stored twice.
constexpr const char* update_receipt =
    "UPDATE attempts SET receipt_outcome = ?2, receipt_carrier = nullif(?3, carrier),"
    " receipt_message_id = nullif(?4, message_id), receipt_proof = ?5, receipt_detail = ?6,"
    " receipt_at = ?7, receipt_price = ?8, receipt_segments = ?9 WHERE key = ?1";

constexpr const char* insert_receipt =
    "INSERT INTO attempts(key, channel, carrier, error, at, encoding, segments, price,"
    " receipt_outcome, receipt_carrier, receipt_message_id, receipt_proof, receipt_detail,"
    " receipt_at, receipt_price, receipt_segments)"
    " VALUES(?1, 0, '', '', 0, 0, 0, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

constexpr const char* count_late =
    "UPDATE attempts SET late_receipts = late_receipts + 1 WHERE key = ?";

bool is_current(Connection& writer, std::int64_t seq, const Change& change) {
  auto row = writer.query(select_current, seq, change.from, change.version);
  return row.row();
}

std::optional<std::string_view> unless_empty(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

/// Writes the receipt's half, also before its submission's half is there.
void write_receipt(Connection& writer, std::int64_t key, const domain::Receipt& r) {
  const auto write = [&](const char* sql) {
    writer.run(sql, key, r.outcome, r.carrier, r.message_id, r.proof, r.detail, r.at, r.price,
               r.segments);
  };
  write(update_receipt);
  if (writer.changed_rows() == 0) write(insert_receipt);
}

void write_attempt(Connection& writer, std::int64_t seq, const domain::AttemptUpdate& update,
                   bool again) {
  const auto key = seq * attempts_per_notification + update.no;
  if (update.submission) {
    const auto& s = *update.submission;
    writer.run(write_submission, key, s.channel, s.outcome, s.carrier, unless_empty(s.message_id),
               s.error, s.at, s.encoding, s.segments, s.price);
  }
  if (update.receipt) write_receipt(writer, key, *update.receipt);
  if (update.late && !again) writer.run(count_late, key);
}

}  // namespace

domain::Result<std::vector<ports::RecordOutcome>> SqliteNotificationStore::record(
    std::span<const Change> changes) {
  if (changes.empty()) return std::vector<ports::RecordOutcome>{};
  return each_alone(changes, ports::RecordOutcome::failed,
                    [&](std::span<const Change> some) { return record_all(some); });
}

domain::Result<std::vector<ports::RecordOutcome>> SqliteNotificationStore::record_all(
    std::span<const Change> changes) {
  return database_.write(
      Purpose::settle,
      [&](Writer& writer) {
        TransactionTotals totals{writer};
        std::vector<ports::RecordOutcome> outcomes;
        outcomes.reserve(changes.size());
        for (const auto& change : changes) outcomes.push_back(record_one(totals, change));
        totals.budget.write();
        totals.counts.write(writer);
        return outcomes;
      },
      [&](Writer& writer) { throttle_cache_.in(writer).clear(); });
}

ports::RecordOutcome SqliteNotificationStore::record_one(TransactionTotals& totals,
                                                         const Change& change) {
  const auto seq = keys_.in(totals.writer).find(totals.writer, change.id);
  if (!seq) return ports::RecordOutcome::stale;
  const bool current = change.to                       ? move(totals, *seq, change)
                       : change.puts_off               ? put_off(totals, *seq, change)
                       : change.changes_notification() ? charge(totals, *seq, change)
                                                       : is_current(totals.writer, *seq, change);
  // A stale change of the money is decided again, and with it the late receipt is counted again.
  const bool again = !current && change.changes_notification();
  if (change.attempt && (current || change.attempt->owned))
    write_attempt(totals.writer, *seq, *change.attempt, again);
  return current ? ports::RecordOutcome::applied : ports::RecordOutcome::stale;
}

bool SqliteNotificationStore::move(TransactionTotals& totals, std::int64_t seq,
                                   const Change& change) {
  const auto purse = domain::purse_after(change);
  write_history_line(totals.line, change.at, change.from, *change.to, change.cause);
  totals.writer.run(update_moved, *change.to, change.version + 1, change.due_at, change.reason,
                    change.attempts, change.sms_tries, change.email_tries,
                    change.mail_waited.count(), change.sms_submitted, change.mail_submitted,
                    change.proof, totals.line, purse.reserved, purse.spent, purse.budget_day, seq,
                    change.from, change.version);
  if (totals.writer.changed_rows() == 0) return false;
  totals.counts.left(change.from);
  totals.counts.entered(*change.to);
  totals.budget.apply(domain::budget_effect(change));
  if (change.from != State::deferred) return true;
  // A slot of the throttle that was meant for a deferred one is used when it wakes, else given up.
  const auto released = domain::released_after(change);
  {
    auto row = totals.writer.query(select_pass, seq);
    if (row.row())
      throttle_cache_.in(totals.writer).moved(row.integer(0), row.optional_time(1), released);
  }
  totals.writer.run(update_released, released, seq);
  return true;
}

bool SqliteNotificationStore::put_off(TransactionTotals& totals, std::int64_t seq,
                                      const Change& change) {
  totals.writer.run(update_due, change.version + 1, change.due_at, seq, change.from,
                    change.version);
  return totals.writer.changed_rows() != 0;
}

bool SqliteNotificationStore::charge(TransactionTotals& totals, std::int64_t seq,
                                     const Change& change) {
  const auto purse = domain::purse_after(change);
  totals.writer.run(update_money, change.version + 1, purse.reserved, purse.spent, purse.budget_day,
                    seq, change.from, change.version);
  if (totals.writer.changed_rows() == 0) return false;
  totals.budget.apply(domain::budget_effect(change));
  return true;
}

}  // namespace postrider::adapters::sqlite
