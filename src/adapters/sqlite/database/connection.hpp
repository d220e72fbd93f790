// One SQLite connection and its prepared statements. Not thread-safe: whoever holds it has it
// alone (database.hpp hands it out). The first failure sticks: every later call does nothing until
// the owner of the transaction takes it, so code in between needs no checks.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "adapters/sqlite/database/words.hpp"
#include "domain/money.hpp"
#include "domain/notification_id.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::adapters::sqlite {

class Connection;

/// A prepared statement in use; gives it back when destroyed. Bound texts are not copied: they must
/// outlive the Query.
class Query {
 public:
  template <class... Values>
  Query(Connection& connection, sqlite3_stmt* statement, const Values&... values)
      : connection_{connection}, statement_{statement} {
    int at = 0;
    (bind(++at, values), ...);
  }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query() { sqlite3_reset(statement_); }

  /// The next row; false at the end and after a failure.
  bool row();

  int columns() const { return sqlite3_column_count(statement_); }
  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  int small(int column) const { return sqlite3_column_int(statement_, column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  /// Valid until the next row().
  std::string_view text(int column) const;
  std::string string(int column) const { return std::string{text(column)}; }
  domain::NotificationId id(int column) const;
  domain::TimePoint time(int column) const { return domain::from_unix_ms(integer(column)); }
  std::optional<domain::TimePoint> optional_time(int column) const;
  domain::Money money(int column) const { return {integer(column)}; }
  bool is_integer(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_INTEGER;
  }
  bool is_text(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_TEXT; }
  /// True where the value is one that an id has.
  bool is_id(int column) const;
  /// The enum's value; nullopt where the column has none of its numbers. There is no other way to
  /// read one: a state beyond the last one would be an index beyond an array.
  template <class Enum>
  std::optional<Enum> word(int column) const {
    const auto number = integer(column);
    if (!is_integer(column) || !is_word<Enum>(number)) return std::nullopt;
    return static_cast<Enum>(number);
  }

  void bind(int at, std::nullptr_t) { sqlite3_bind_null(statement_, at); }
  void bind(int at, std::string_view text);
  void bind(int at, const domain::NotificationId& id);
  void bind(int at, domain::TimePoint time) { bind(at, domain::to_unix_ms(time)); }
  void bind(int at, domain::Money money) { bind(at, money.micros); }
  template <class Number>
  requires std::integral<Number> || std::is_enum_v<Number>
  void bind(int at, Number number) {
    sqlite3_bind_int64(statement_, at, static_cast<sqlite3_int64>(number));
  }
  template <class T>
  void bind(int at, const std::optional<T>& value) {
    if (value) return bind(at, *value);
    bind(at, nullptr);
  }

 private:
  Connection& connection_;
  sqlite3_stmt* statement_;
};

class Connection {
 public:
  /// `flags` as for sqlite3_open_v2.
  static domain::Result<std::unique_ptr<Connection>> open(const std::string& path, int flags);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// A statement with its values, before its first row. `sql` is a constant of the program: it is
  /// prepared once and found again by its address.
  template <class... Values>
  Query query(const char* sql, Values&&... values) {
    static_assert((!std::is_same_v<Values, std::string> && ...), "the text must outlive the Query");
    return Query{*this, statement(sql), values...};
  }

  /// Runs a statement to its end; true unless it failed.
  template <class... Values>
  bool run(const char* sql, const Values&... values) {
    Query query{*this, statement(sql), values...};
    while (query.row()) {
    }
    return !failed();
  }

  /// Runs one or more statements that are needed once (schema, pragmas).
  bool execute(const char* sql);

  std::int64_t changed_rows() const { return sqlite3_changes64(db_); }
  std::int64_t last_key() const { return sqlite3_last_insert_rowid(db_); }

  bool failed() const { return failure_.has_value(); }
  void fail(int code, std::string_view doing);
  /// The failure that stuck, if any; the connection can be used again.
  std::optional<domain::Error> take_failure();
  /// Clears a failure that is a damaged page, for who reads on behind it; any other one sticks.
  void pass_over_damage();

  sqlite3* handle() { return db_; }

 protected:
  /// `other` is not used afterwards.
  Connection(Connection&& other) noexcept
      : db_{std::exchange(other.db_, nullptr)},
        statements_{std::exchange(other.statements_, {})},
        failure_{std::exchange(other.failure_, std::nullopt)} {}

 private:
  explicit Connection(sqlite3* db) : db_{db} {}
  sqlite3_stmt* statement(const char* sql);

  sqlite3* db_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
  std::optional<domain::Error> failure_;
};

}  // namespace postrider::adapters::sqlite
