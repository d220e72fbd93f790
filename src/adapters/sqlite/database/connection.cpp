#include "adapters/sqlite/database/connection.hpp"

#include <cstring>

#include "adapters/sqlite/database/failure.hpp"
#include "adapters/sqlite/database/gathered_log.hpp"
#include "adapters/sqlite/database/message_hash.hpp"

namespace postrider::adapters::sqlite {
namespace {

constexpr int busy_wait_ms = 5000;  // only recovery after a crash ever holds the file that long

}  // namespace

bool Query::row() {
  if (statement_ == nullptr || connection_.failed()) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE)
    connection_.fail(sqlite3_extended_errcode(connection_.handle()), "running a statement");
  return false;
}

std::string_view Query::text(int column) const {
  const auto* start = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (start == nullptr) return {};
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

domain::NotificationId Query::id(int column) const {
  domain::NotificationId id;
  const void* bytes = sqlite3_column_blob(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  if (bytes != nullptr && size == id.bytes.size()) std::memcpy(id.bytes.data(), bytes, size);
  return id;
}

bool Query::is_id(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_BLOB &&
         static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)) ==
             domain::NotificationId{}.bytes.size();
}

std::optional<domain::TimePoint> Query::optional_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

void Query::bind(int at, std::string_view text) {
  const char* start = text.data() != nullptr ? text.data() : "";
  sqlite3_bind_text64(statement_, at, start, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Query::bind(int at, const domain::NotificationId& id) {
  sqlite3_bind_blob64(statement_, at, id.bytes.data(), id.bytes.size(), SQLITE_STATIC);
}

domain::Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, int flags) {
  // Nobody asks SQLite how much memory it uses, and counting costs a mutex per allocation. Refused,
  // harmlessly, when another part of the process has started SQLite already.
  [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, gathered_log_layer());
  std::unique_ptr<Connection> connection{new Connection{db}};
  if (code != SQLITE_OK) return to_error(db, code, "opening the database");
  if (const int added = add_message_hash(db); added != SQLITE_OK)
    return to_error(db, added, "opening the database");
  sqlite3_busy_timeout(db, busy_wait_ms);
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, prepared] : statements_) sqlite3_finalize(prepared);
  sqlite3_close(db_);
}

sqlite3_stmt* Connection::statement(const char* sql) {
  const auto [found, fresh] = statements_.try_emplace(sql, nullptr);
  if (found->second != nullptr) return found->second;
  const int code =
      sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &found->second, nullptr);
  if (code != SQLITE_OK) fail(code, "preparing a statement");
  return found->second;
}

bool Connection::execute(const char* sql) {
  if (failed()) return false;
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, "setting up the database");
  return code == SQLITE_OK;
}

void Connection::fail(int code, std::string_view doing) {
  if (!failure_) failure_ = to_error(db_, code, doing);
}

void Connection::pass_over_damage() {
  if (failure_ && failure_->kind == domain::ErrorKind::corrupt) failure_.reset();
}

std::optional<domain::Error> Connection::take_failure() {
  return std::exchange(failure_, std::nullopt);
}

}  // namespace postrider::adapters::sqlite
