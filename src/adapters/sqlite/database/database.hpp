// The database of one machine: one writer connection behind a mutex, which also does the
// checkpoints, and a few read-only connections beside it. Thread-safe; the adapters of the ports
// keep a reference.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "adapters/sqlite/database/connection.hpp"
#include "adapters/sqlite/database/reserve.hpp"
#include "adapters/sqlite/database/service_lock.hpp"

namespace postrider::adapters::sqlite {

/// What a write is for decides what happens when the disk is full, and to what is deleted.
enum class Purpose {
  intake,  // something new: refused until there is space
  settle,  // the outcome of what is under way: may use the reserve
  erase,   // likewise; what is deleted is overwritten with zeros too
};

class Database {
 public:
  /// For the one service: takes the lock, makes `directory` and the tables if need be. Errors:
  /// `locked`, `too_new`, `corrupt`, `storage_full`, `unavailable`.
  static domain::Result<std::unique_ptr<Database>> open_service(const std::string& directory);
  /// For the command line, beside a running service or without one: reads only. Error
  /// `unavailable` when there is no database.
  static domain::Result<std::unique_ptr<Database>> open_reader(const std::string& directory);
  ~Database();

  /// Runs `work(Connection&)` in one transaction and commits; durable when it returns. `work` may
  /// run twice. `undo` runs, still under the mutex, for each run that was not committed.
  template <class Work, class Undo>
  auto write(Purpose purpose, const Work& work, const Undo& undo)
      -> domain::Result<std::invoke_result_t<Work, Connection&>> {
    const std::lock_guard lock{writer_mutex_};
    if (auto error = refuse(purpose)) return *std::move(error);
    bool last_try = purpose == Purpose::intake;
    while (true) {
      begin(purpose);
      auto value = work(*writer_);
      auto error = commit();
      if (!error) return value;
      undo();
      if (last_try || !make_room(*error)) return *std::move(error);
      last_try = true;
    }
  }
  template <class Work>
  auto write(Purpose purpose, const Work& work) {
    return write(purpose, work, [] {});
  }

  /// Runs `work(Connection&)` on a connection of its own, which sees one state of the database
  /// throughout.
  template <class Work>
  auto read(const Work& work) -> domain::Result<std::invoke_result_t<Work, Connection&>> {
    const Lease lease{*this};
    auto& reader = lease.connection();
    reader.run("BEGIN");
    auto value = work(reader);
    if (auto error = end_read(reader)) return *std::move(error);
    return value;
  }

 private:
  static constexpr std::size_t readers = 3;

  class Lease {
   public:
    explicit Lease(Database& database);
    ~Lease();
    Connection& connection() const { return *connection_; }

   private:
    Database& database_;
    std::unique_ptr<Connection> connection_;
  };

  explicit Database(const std::string& directory);

  domain::Result<domain::Done> open_writer();
  domain::Result<domain::Done> open_readers();
  std::optional<domain::Error> refuse(Purpose purpose);
  void begin(Purpose purpose);
  std::optional<domain::Error> commit();
  std::optional<domain::Error> end_read(Connection& reader);
  bool make_room(const domain::Error& error);
  void checkpoint();

  std::string directory_;
  std::string file_;
  std::optional<ServiceLock> lock_;  // let go of last

  std::mutex writer_mutex_;
  std::unique_ptr<Connection> writer_;  // null: opened for reading
  Reserve reserve_;
  int log_pages_ = 0;  // in the write-ahead log after the last commit
  int checkpoint_at_;
  bool overwrites_deleted_ = false;

  std::mutex readers_mutex_;
  std::condition_variable reader_came_back_;
  std::vector<std::unique_ptr<Connection>> idle_readers_;
};

}  // namespace postrider::adapters::sqlite
