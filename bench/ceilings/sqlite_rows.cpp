#include "ceilings/sqlite_rows.hpp"

#include <stdexcept>

namespace postrider::bench::ceilings {
namespace {

// The pragmas are the service's, so that the ceiling is one of work, not of settings. Columns that
// never change have a table of their own: measured faster than one table, for a whole life by a
// third.
constexpr const char* schema = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -32768;
CREATE TABLE notifications(
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL, state INTEGER NOT NULL, version INTEGER NOT NULL,
  priority INTEGER NOT NULL, segments INTEGER NOT NULL, due_at INTEGER);
CREATE UNIQUE INDEX notification_id ON notifications(id);
CREATE INDEX notification_due ON notifications(state, priority, due_at) WHERE due_at IS NOT NULL;
CREATE TABLE contents(
  seq INTEGER PRIMARY KEY, shop TEXT NOT NULL, order_id TEXT NOT NULL, customer_id TEXT NOT NULL,
  status TEXT NOT NULL, fingerprint BLOB NOT NULL, created_at INTEGER NOT NULL,
  not_after INTEGER NOT NULL, estimate INTEGER NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL,
  locale TEXT NOT NULL, sms_text TEXT NOT NULL, email_subject TEXT NOT NULL,
  email_text TEXT NOT NULL);
CREATE INDEX content_customer ON contents(customer_id, created_at);
CREATE INDEX content_order ON contents(order_id);
CREATE TABLE attempts(
  key INTEGER PRIMARY KEY, outcome INTEGER NOT NULL, carrier TEXT NOT NULL,
  message_id TEXT NOT NULL, at INTEGER NOT NULL, segments INTEGER NOT NULL,
  price INTEGER NOT NULL);
CREATE INDEX attempt_message ON attempts(message_id);
)";

constexpr std::int64_t lease = 60'000;           // milliseconds
constexpr std::int64_t receipt_wait = 900'000;   // milliseconds
constexpr std::int64_t not_after = 43'200'000;   // milliseconds
constexpr std::int64_t attempts_per_row = 4096;  // an attempt's key is its row's key times this
// "sim-", a UUID, "-1": the form and length of the simulator's message ids.
constexpr std::string_view blank_message_id = "sim-00000000-0000-0000-0000-000000000000-1";

void bind(const auto& statement, int at, std::int64_t value) {
  sqlite3_bind_int64(statement.get(), at, value);
}

void bind(const auto& statement, int at, std::string_view text) {
  sqlite3_bind_text(statement.get(), at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

void bind(const auto& statement, int at, const std::array<std::uint8_t, 16>& bytes) {
  sqlite3_bind_blob(statement.get(), at, bytes.data(), static_cast<int>(bytes.size()),
                    SQLITE_STATIC);
}

void bind_all(const auto& statement, const auto&... values) {
  int at = 0;
  (bind(statement, ++at, values), ...);
}

}  // namespace

SqliteRows::SqliteRows(const std::string& path) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  db_.reset(db);
  if (code != SQLITE_OK) throw std::runtime_error{"can't open " + path};
  execute(schema);
  begin_ = prepare("BEGIN IMMEDIATE");
  commit_ = prepare("COMMIT");
  insert_ = prepare("INSERT OR IGNORE INTO notifications VALUES(NULL, ?, 0, 0, 5, 1, ?)");
  insert_content_ = prepare(
      "INSERT INTO contents VALUES(last_insert_rowid(), ?, ?, ?, ?, ?, ?, ?, 50000, ?, ?, ?, ?, ?, "
      "?)");
  due_ = prepare(
      "SELECT seq FROM notifications WHERE state = 0 AND priority = 5 AND due_at <= ? AND due_at "
      "IS NOT NULL ORDER BY due_at LIMIT ?");
  claim_ = prepare(
      "UPDATE notifications SET state = 2, version = version + 1, due_at = ? WHERE seq = ? AND "
      "state = 0");
  sent_ = prepare(
      "UPDATE notifications SET state = 4, version = version + 1, due_at = ? WHERE seq = ? AND "
      "state = 2");
  attempt_ = prepare("INSERT INTO attempts VALUES(?, 0, 'simulator', ?, ?, 1, 50000)");
  match_ = prepare("SELECT key FROM attempts WHERE message_id = ?");
  delivered_ = prepare(
      "UPDATE notifications SET state = 7, version = version + 1, due_at = NULL WHERE seq = ? AND "
      "state = 4");
}

int SqliteRows::insert(std::span<const Row> rows) {
  begin();
  int inserted = 0;
  for (const Row& row : rows) {
    bind_all(insert_, row.id, row.created_at);
    run(insert_);
    if (sqlite3_changes(db_.get()) == 0) continue;
    ++inserted;
    bind_all(insert_content_, row.shop, row.order_id, row.customer_id, row.status, row.fingerprint,
             row.created_at, row.created_at + not_after, row.phone, row.email, row.locale,
             row.sms_text, row.email_subject, row.email_text);
    run(insert_content_);
  }
  commit();
  return inserted;
}

int SqliteRows::claim(int max_rows, std::int64_t now) {
  claimed_.clear();
  begin();
  bind_all(due_, now, std::int64_t{max_rows});
  while (step(due_)) claimed_.push_back(sqlite3_column_int64(due_.get(), 0));
  sqlite3_reset(due_.get());
  for (const auto seq : claimed_) {
    bind_all(claim_, now + lease, seq);
    run(claim_);
  }
  commit();
  return static_cast<int>(claimed_.size());
}

void SqliteRows::sent(std::int64_t now) {
  begin();
  for (const auto seq : claimed_) {
    bind_all(sent_, now + receipt_wait, seq);
    run(sent_);
    bind_all(attempt_, seq * attempts_per_row + 1, message_id(seq), now);
    run(attempt_);
  }
  commit();
}

void SqliteRows::delivered(std::int64_t) {
  begin();
  for (const auto seq : claimed_) {
    bind_all(match_, message_id(seq));
    if (!step(match_)) throw std::runtime_error{"an attempt is missing"};
    const auto found = sqlite3_column_int64(match_.get(), 0) / attempts_per_row;
    sqlite3_reset(match_.get());
    bind_all(delivered_, found);
    run(delivered_);
  }
  commit();
}

/// Message ids are spread as the real ones are: the index gets no help from the order.
std::string_view SqliteRows::message_id(std::int64_t key) {
  constexpr std::string_view hex = "0123456789abcdef";
  message_id_ = blank_message_id;
  auto bits = static_cast<std::uint64_t>(key) * 0x9E3779B97F4A7C15U;  // odd: no two keys collide
  for (std::size_t i = 0, at = 4; i < 16; ++at) {
    if (message_id_[at] == '-') continue;
    message_id_[at] = hex[bits >> 60];
    bits <<= 4;
    ++i;
  }
  return message_id_;
}

void SqliteRows::execute(const char* sql) {
  if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error{std::string{"SQLite: "} + sqlite3_errmsg(db_.get())};
}

SqliteRows::Statement SqliteRows::prepare(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK)
    throw std::runtime_error{std::string{"SQLite: "} + sqlite3_errmsg(db_.get())};
  return Statement{statement};
}

bool SqliteRows::step(const Statement& statement) {
  const int code = sqlite3_step(statement.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE)
    throw std::runtime_error{std::string{"SQLite: "} + sqlite3_errmsg(db_.get())};
  return false;
}

void SqliteRows::run(const Statement& statement) {
  step(statement);
  sqlite3_reset(statement.get());
}

}  // namespace postrider::bench::ceilings
