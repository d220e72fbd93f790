// What SQLite alone can do: the rows of notifications, inserted and carried through their life by
// prepared statements and nothing else. The ceiling of the store. Not thread-safe; a failure throws
// std::runtime_error, because a benchmark has nobody to recover for.
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

/// What a notification consists of, as bytes: as much as the service stores of one order event.
/// Views: whoever makes the row keeps the texts.
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
  /// A new database at `path`: WAL, synchronous FULL, and the pragmas that the service uses.
  explicit SqliteRows(const std::string& path);

  /// One transaction. A row whose id is there already is left out; the number inserted.
  int insert(std::span<const Row> rows);

  /// accepted → sending, for up to `most` that are due at `now`: found by the index of what is due.
  /// One transaction; how many, and which, claimed() tells until the next call.
  int claim(int most, std::int64_t now);
  std::span<const std::int64_t> claimed() const { return claimed_; }

  /// sending → sent, with a row for the attempt, for all that the last claim() took. One
  /// transaction.
  void sent(std::int64_t now);

  /// sent → delivered for the same ones, found by their message id as a receipt finds them. One
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
