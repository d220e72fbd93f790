#include "adapters/sqlite/database/schema.hpp"

#include <sys/statvfs.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sqlite/database/failure.hpp"
#include "adapters/sqlite/database/person_number.hpp"

namespace postrider::adapters::sqlite {
namespace {

// What changes and what never does live in two tables with the same key: a change of state rewrites
// a row of some 150 bytes and leaves the texts alone, so a batch dirties a fifth of the pages.
// Random keys get an ordinary index: WITHOUT ROWID would move the rows about.
constexpr const char* version_1 = R"(
CREATE TABLE notifications(
  seq INTEGER PRIMARY KEY,         -- order of intake
  id BLOB NOT NULL,                -- 16 bytes, derived from the event: what finds repeats
  created_at INTEGER NOT NULL,     -- all times: Unix, milliseconds
  state INTEGER NOT NULL,          -- domain::State
  version INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  due_at INTEGER,
  reason TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  sms_tries INTEGER NOT NULL,
  email_tries INTEGER NOT NULL,
  sms_submitted INTEGER NOT NULL,
  reserved INTEGER NOT NULL,       -- all money: millionths
  budget_month INTEGER NOT NULL,   -- yyyymm, 0: nothing reserved
  proof INTEGER NOT NULL,
  released_at INTEGER,             -- when the throttle counts it
  history TEXT NOT NULL            -- "time from to cause" a line
);
CREATE UNIQUE INDEX notification_id ON notifications(id);
CREATE INDEX notification_due ON notifications(state, priority, due_at) WHERE due_at IS NOT NULL;
-- A comparison, not an IN list: SQLite would build a table of the list for each update.
CREATE INDEX notification_rare_end ON notifications(state, created_at) WHERE state >= 9;

CREATE TABLE contents(
  seq INTEGER PRIMARY KEY,         -- of the notification
  shop TEXT NOT NULL,
  mode INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  status TEXT NOT NULL,
  explicit_key INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  occurred_at INTEGER,
  created_at INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  estimate INTEGER NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  locale TEXT NOT NULL,
  encoding INTEGER NOT NULL,
  sms_text TEXT NOT NULL,
  email_subject TEXT NOT NULL,
  email_text TEXT NOT NULL
);
CREATE INDEX content_customer ON contents(customer_id, created_at);
CREATE INDEX content_order ON contents(order_id);
CREATE INDEX content_created ON contents(created_at);

CREATE TABLE attempts(
  key INTEGER PRIMARY KEY,         -- seq * 4096 + number
  channel INTEGER NOT NULL,
  outcome INTEGER,                 -- the sender's half; NULL until it is known
  carrier TEXT NOT NULL,
  message_id TEXT,
  error TEXT NOT NULL,
  at INTEGER NOT NULL,
  encoding INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  price INTEGER NOT NULL,
  receipt_outcome INTEGER,         -- the receipt's half; NULL until there is one
  receipt_carrier TEXT,
  receipt_message_id TEXT,
  receipt_proof INTEGER,
  receipt_detail TEXT,
  receipt_at INTEGER,
  receipt_price INTEGER,
  receipt_segments INTEGER,
  late_receipts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX attempt_message ON attempts(message_id) WHERE message_id IS NOT NULL;

CREATE TABLE receipts(
  key INTEGER PRIMARY KEY,         -- order of arrival
  carrier TEXT NOT NULL,
  message_id TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  proof INTEGER NOT NULL,
  detail TEXT NOT NULL,
  at INTEGER NOT NULL,
  price INTEGER,
  segments INTEGER,
  kept_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX receipt_once ON receipts(
  message_id, carrier, outcome, proof, detail, at, ifnull(price, -1), ifnull(segments, -1));
CREATE INDEX receipt_kept ON receipts(kept_at);

CREATE TABLE customers(
  shop TEXT NOT NULL, id TEXT NOT NULL,
  phone TEXT, email TEXT, locale TEXT, time_zone TEXT, region TEXT,
  e164 TEXT NOT NULL, phone_problem TEXT NOT NULL,
  sms_opt_in INTEGER NOT NULL, email_opt_in INTEGER NOT NULL, updated_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX customer_id ON customers(id, shop);
CREATE TABLE opt_outs(phone TEXT PRIMARY KEY, source TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE blocked_addresses(email TEXT PRIMARY KEY, reason TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE budget(month INTEGER PRIMARY KEY, spent INTEGER NOT NULL, reserved INTEGER NOT NULL);
CREATE TABLE counts(state INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE audit(
  key INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  subject TEXT NOT NULL);
)";

// Money by the day, and what each message cost; what the words came from, and to which country.
constexpr const char* version_2 = R"(
ALTER TABLE budget RENAME COLUMN month TO day;              -- yyyymmdd; day 00: before version 2
UPDATE budget SET day = day * 100;
ALTER TABLE notifications RENAME COLUMN budget_month TO budget_day;
UPDATE notifications SET budget_day = budget_day * 100;
ALTER TABLE notifications ADD COLUMN spent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contents ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE contents ADD COLUMN template TEXT NOT NULL DEFAULT '';
ALTER TABLE contents ADD COLUMN plain_segments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contents ADD COLUMN quiet TEXT NOT NULL DEFAULT ''; -- see domain/contact/quiet_time.hpp
ALTER TABLE contents ADD COLUMN sms_type INTEGER NOT NULL DEFAULT 0;

CREATE TABLE costs(                -- of notifications that have expired
  day INTEGER NOT NULL, country TEXT NOT NULL, status TEXT NOT NULL, carrier TEXT NOT NULL,
  messages INTEGER NOT NULL, segments INTEGER NOT NULL, saved INTEGER NOT NULL,
  spent INTEGER NOT NULL,
  PRIMARY KEY(day, country, status, carrier)
) WITHOUT ROWID;
CREATE TABLE velocity(             -- SMS claimed, by what is counted and by ten minutes
  key TEXT NOT NULL, slot INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(key, slot)
) WITHOUT ROWID;
CREATE INDEX velocity_slot ON velocity(slot);
)";

// Attempts are found by the hash of the message id.
constexpr const char* version_3 = R"(
DROP INDEX attempt_message;
ALTER TABLE attempts ADD COLUMN message_hash INTEGER;      -- see message_hash.hpp
)";
constexpr const char* version_3_index =
    "CREATE INDEX attempt_hash ON attempts(message_hash) WHERE message_hash IS NOT NULL";

constexpr const char* select_chunk_end =
    "SELECT max(key), count(*) FROM"
    " (SELECT key FROM attempts WHERE key > ? ORDER BY key LIMIT 100000)";
constexpr const char* update_hashes =
    "UPDATE attempts SET message_hash = message_hash(message_id)"
    " WHERE key > ? AND key <= ? AND message_id IS NOT NULL";

// What tells the rank of a notification in its chain, and whether a mail of it may be out.
constexpr const char* version_4 = R"(
ALTER TABLE contents ADD COLUMN parcel TEXT NOT NULL DEFAULT '';
ALTER TABLE contents ADD COLUMN intake INTEGER NOT NULL DEFAULT 0;  -- µs; 0: before
ALTER TABLE notifications ADD COLUMN mail_submitted INTEGER NOT NULL DEFAULT 0;
)";

// The last opt-in of each number: an opt-out that was known before it does not count.
constexpr const char* version_5 =
    "CREATE TABLE opt_ins(phone TEXT PRIMARY KEY, at INTEGER NOT NULL)";

// Whom the throttle counts a notification for.
constexpr const char* version_6 =
    "ALTER TABLE notifications ADD COLUMN person INTEGER";  // see person_number.hpp; NULL: before
constexpr const char* version_6_index =
    "CREATE INDEX notification_released ON notifications(released_at, person)"
    " WHERE released_at IS NOT NULL AND person IS NOT NULL";

// A day is the longest window that a throttle can have.
#define POSTRIDER_COUNTED " WHERE n.released_at > (SELECT max(created_at) FROM contents) - 86400000"
constexpr const char* count_counted = "SELECT count(*) FROM notifications n" POSTRIDER_COUNTED;
constexpr const char* select_counted =
    "SELECT n.seq, c.shop, c.mode, c.phone, c.email, c.customer_id FROM notifications n"
    " JOIN contents c ON c.seq = n.seq" POSTRIDER_COUNTED
    " AND n.seq > ? ORDER BY n.seq LIMIT 100000";
constexpr const char* update_person = "UPDATE notifications SET person = ? WHERE seq = ?";

/// The number in the first row of `sql`.
std::int64_t number(Connection& connection, const char* sql) {
  auto query = connection.query(sql);
  return query.row() ? query.integer(0) : 0;
}

// The time that a mail has waited for its recipient's server: of those before, none is known.
constexpr const char* version_7 =
    "ALTER TABLE notifications ADD COLUMN mail_waited INTEGER NOT NULL DEFAULT 0;";

/// The Error of a step that was told to stop; nullopt: it goes on.
std::optional<domain::Error> tell(const UpgradeProgress& progress, std::int64_t done,
                                  std::int64_t total) {
  if (!progress || progress(done, total)) return std::nullopt;
  return domain::Error{domain::ErrorKind::unavailable,
                       "the upgrade of the database was stopped and is undone; the next start "
                       "begins it again"};
}

/// Fills the people of the notifications that a throttle may still count.
std::optional<domain::Error> fill_people(Connection& writer, const UpgradeProgress& progress) {
  const auto total = number(writer, count_counted);
  std::vector<std::pair<std::int64_t, std::int64_t>> people;
  std::int64_t last = 0, done = 0;
  do {
    people.clear();
    {
      auto row = writer.query(select_counted, last);
      while (row.row()) {
        domain::Notification n;
        last = row.integer(0);
        n.shop = row.text(1);
        n.mode = row.word<domain::Mode>(2).value_or(domain::Mode::live);
        n.content.phone = row.text(3);
        n.content.email = row.text(4);
        n.customer_id = row.text(5);
        people.emplace_back(person_number(n), last);
      }
    }
    for (const auto& [person, seq] : people) writer.run(update_person, person, seq);
    done += static_cast<std::int64_t>(people.size());
    if (people.empty()) break;
    if (auto stopped = tell(progress, done, total)) return stopped;
  } while (!writer.failed());
  return std::nullopt;
}

// The log takes each changed page and the new index; measured: 217 bytes an attempt.
constexpr std::int64_t upgraded_bytes_an_attempt = 256;

/// The Error of a disk that has too little space to rewrite `attempts` rows.
std::optional<domain::Error> lacks_space(Connection& writer, std::int64_t attempts) {
  struct statvfs disk {};
  const char* file = sqlite3_db_filename(writer.handle(), "main");
  if (file == nullptr || ::statvfs(file, &disk) != 0) return std::nullopt;
  constexpr std::int64_t mib = 1 << 20;
  const auto needed = attempts * upgraded_bytes_an_attempt / mib;
  const auto free = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize) / mib;
  if (free >= needed) return std::nullopt;
  return domain::Error{domain::ErrorKind::storage_full,
                       "upgrading the database takes " + std::to_string(needed) +
                           " MiB of disk space, and " + std::to_string(free) + " MiB are free"};
}

std::optional<domain::Error> fill_message_hashes(Connection& writer,
                                                 const UpgradeProgress& progress) {
  const auto total = number(writer, "SELECT count(*) FROM attempts");
  if (auto error = lacks_space(writer, total)) return error;
  std::int64_t up_to = 0;
  for (std::int64_t done = 0; done < total && !writer.failed();) {
    const auto after = up_to;
    {
      auto chunk = writer.query(select_chunk_end, after);
      if (!chunk.row()) break;
      up_to = chunk.integer(0);
      done += chunk.integer(1);
    }
    writer.run(update_hashes, after, up_to);
    if (auto stopped = tell(progress, done, total)) return stopped;
  }
  return std::nullopt;
}

/// A step from a version to the next one: statements, perhaps a walk through rows and the
/// statements after it. Never changed once released.
struct Migration {
  const char* statements;
  std::optional<domain::Error> (*walk)(Connection& writer,
                                       const UpgradeProgress& progress) = nullptr;
  const char* statements_after = "";
};

/// The n-th is of version n.
constexpr std::array<Migration, schema_version> migrations{
    {{version_1},
     {version_2},
     {version_3, fill_message_hashes, version_3_index},
     {version_4},
     {version_5},
     {version_6, fill_people, version_6_index},
     {version_7}}};

/// Copies the log into the database after a long step and after the last one: its space goes back
/// to the disk, and the service begins with a file that has all tables. Where it can't, the
/// service's checkpoints will; to_error() ends the process if the disk failed.
void cut_log(Connection& writer) {
  const int code = sqlite3_wal_checkpoint_v2(writer.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  if (code != SQLITE_OK) to_error(writer.handle(), code, "copying the log into the database");
}

int version_of(Connection& connection) {
  return static_cast<int>(number(connection, "PRAGMA user_version"));
}

domain::Error too_new(int version) {
  return {domain::ErrorKind::too_new, "a newer program wrote the database (schema version " +
                                          std::to_string(version) + ", this one knows up to " +
                                          std::to_string(schema_version) + ")"};
}

}  // namespace

domain::Result<domain::Done> migrate(Connection& writer, const UpgradeProgress& progress, int to) {
  const int found = version_of(writer);
  if (auto failure = writer.take_failure()) return *failure;
  if (found > schema_version) return too_new(found);
  for (int version = found; version < to; ++version) {
    writer.execute("BEGIN IMMEDIATE");
    const auto& step = migrations[static_cast<std::size_t>(version)];
    writer.execute(step.statements);
    auto stopped = step.walk != nullptr ? step.walk(writer, progress) : std::nullopt;
    if (!stopped) {
      writer.execute(step.statements_after);
      writer.execute(("PRAGMA user_version = " + std::to_string(version + 1)).c_str());
      writer.execute("COMMIT");
    }
    const auto failure = writer.take_failure();
    if (stopped || failure) {
      writer.execute("ROLLBACK");
      writer.take_failure();
    }
    if (step.walk != nullptr || version + 1 == to) cut_log(writer);
    if (failure) return *failure;
    if (stopped) return *stopped;
  }
  return domain::Done{};
}

domain::Result<domain::Done> check_version(Connection& reader) {
  const int found = version_of(reader);
  if (auto failure = reader.take_failure()) return *failure;
  if (found > schema_version) return too_new(found);
  if (found < schema_version)
    return domain::Error{domain::ErrorKind::invalid,
                         "the database has the older schema version " + std::to_string(found) +
                             "; start the service once to bring it up to date"};
  return domain::Done{};
}

}  // namespace postrider::adapters::sqlite
