// The ceiling of the store: SQLite alone, which inserts the rows of notifications and carries them
// through their life by prepared statements. For one thread. A failure throws std::runtime_error,
// because a benchmark has nobody to recover for.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postrider::bench {

/// The bytes of a notification: as many as the service stores of one order event. The texts are
/// views: the maker of the row keeps them.
struct Row {
  std::array<std::uint8_t, 16> id{};
  std::array<std::uint8_t, 16> fingerprint{};
  std::string_view shop;
  std::string_view order_id;
  std::string_view customer_id;
  std::string_view status;
  std::string_view phone;
  std::string_view email;
  std::string_view locale;
  std::string_view sms_text;
  std::string_view email_subject;
  std::string_view email_text;
  std::int64_t created_at = 0;  // Unix, milliseconds
};

namespace ceilings {

class SqliteRows {
 public:
  /// Makes a new database at `path`: WAL, synchronous FULL, and the other pragmas of the service.
  explicit SqliteRows(const std::string& path);

  /// Inserts rows in one transaction; a row whose id is there already is left out. Returns the
  /// number inserted.
  int insert(std::span<const Row> rows);

  /// accepted → sending, for at most `max_rows` rows that are due at `now`, found by the index of
  /// due rows. One transaction. Returns their number; claimed() has their keys until the next call.
  int claim(int max_rows, std::int64_t now);
  std::span<const std::int64_t> claimed() const { return claimed_; }

  /// sending → sent, with a row for the attempt, for the rows of the last claim(). One transaction.
  void sent(std::int64_t now);

  /// sent → delivered for the same rows, found by their message id as a receipt finds them. One
  /// transaction.
  void delivered(std::int64_t now);

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Close>;

  void execute(const char* sql);
  Statement prepare(const char* sql);
  bool step(const Statement& statement);
  void run(const Statement& statement);
  void begin() { run(begin_); }
  void commit() { run(commit_); }
  std::string_view message_id(std::int64_t key);

  std::unique_ptr<sqlite3, Close> db_;
  Statement begin_, commit_, insert_, insert_content_, due_, claim_, sent_, attempt_, match_,
      delivered_;
  std::vector<std::int64_t> claimed_;
  std::string message_id_;
};

}  // namespace ceilings
}  // namespace postrider::bench
