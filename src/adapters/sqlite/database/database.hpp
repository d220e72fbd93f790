// The database of one machine: one writer connection behind a mutex, which also does the
// checkpoints, and a few read-only connections beside it. Thread-safe; the adapters of the ports
// keep a reference.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "adapters/sqlite/database/reserve.hpp"
#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/database/service_lock.hpp"
#include "adapters/sqlite/database/writer.hpp"
#include "adapters/sqlite/upkeep/rows_set_aside.hpp"
#include "concurrency/mutex.hpp"

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
  /// `locked`, `too_new`, `corrupt`, `storage_full`, `unavailable`. An older database is upgraded,
  /// which may take long; `progress` is told of it.
  static domain::Result<std::unique_ptr<Database>> open_service(
      const std::string& directory, const UpgradeProgress& progress = {});
  /// For the command line, beside a running service or without one: reads only. Error
  /// `unavailable` when there is no database.
  static domain::Result<std::unique_ptr<Database>> open_reader(const std::string& directory);
  ~Database();

  /// Runs `work(Writer&)` in one transaction and commits; durable when it returns. `work` may run
  /// twice. `undo(Writer&)` runs, still under the mutex, for each run that was not committed.
  template <class Work, class Undo>
  auto write(Purpose purpose, const Work& work, const Undo& undo)
      -> domain::Result<std::invoke_result_t<Work, Writer&>> {
    const concurrency::Lock lock{writer_mutex_};
    if (auto error = refuse(purpose)) return *std::move(error);
    bool last_try = purpose == Purpose::intake;
    while (true) {
      begin(purpose);
      auto value = work(*writer_);
      auto error = commit();
      if (!error) return value;
      undo(*writer_);
      if (last_try || !make_room(*error)) return *std::move(error);
      last_try = true;
    }
  }
  template <class Work>
  auto write(Purpose purpose, const Work& work) {
    return write(purpose, work, [](Writer&) {});
  }

  /// What the adapters of this database leave alone for a while.
  RowsSetAside& rows_set_aside() { return rows_set_aside_; }

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
    explicit Lease(Database& database) : database_{database}, connection_{database.take_reader()} {}
    ~Lease() { database_.give_back(std::move(connection_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& connection() const { return *connection_; }

   private:
    Database& database_;
    std::unique_ptr<Connection> connection_;
  };

  explicit Database(const std::string& directory);

  domain::Result<domain::Done> open_writer(const UpgradeProgress& progress) EXCLUDES(writer_mutex_);
  domain::Result<domain::Done> open_readers() EXCLUDES(readers_mutex_);
  std::optional<domain::Error> refuse(Purpose purpose) REQUIRES(writer_mutex_);
  void begin(Purpose purpose) REQUIRES(writer_mutex_);
  std::optional<domain::Error> commit() REQUIRES(writer_mutex_);
  std::optional<domain::Error> end_read(Connection& reader);
  bool make_room(const domain::Error& error) REQUIRES(writer_mutex_);
  /// Copies the log into the database; true where all of it could be copied.
  bool checkpoint() REQUIRES(writer_mutex_);
  void make_up_for_checkpoint() REQUIRES(writer_mutex_);
  std::unique_ptr<Connection> take_reader() EXCLUDES(readers_mutex_);
  void give_back(std::unique_ptr<Connection> reader) EXCLUDES(readers_mutex_);

  RowsSetAside rows_set_aside_;
  std::string directory_;
  std::string file_;
  std::optional<ServiceLock> lock_;  // let go of last

  concurrency::Mutex writer_mutex_;
  // Null: opened for reading.
  std::unique_ptr<Writer> writer_ GUARDED_BY(writer_mutex_) PT_GUARDED_BY(writer_mutex_);
  Reserve reserve_ GUARDED_BY(writer_mutex_);
  int log_pages_ GUARDED_BY(writer_mutex_) = 0;  // in the write-ahead log after the last commit
  int checkpoint_at_ GUARDED_BY(writer_mutex_);
  bool checkpoint_lacks_space_ GUARDED_BY(writer_mutex_) = false;
  std::chrono::steady_clock::time_point next_checkpoint_try_ GUARDED_BY(writer_mutex_);
  std::uint64_t free_at_last_try_ GUARDED_BY(writer_mutex_) = 0;  // octets on the disk
  bool overwrites_deleted_ GUARDED_BY(writer_mutex_) = false;

  concurrency::Mutex readers_mutex_;
  concurrency::ConditionVariable reader_came_back_;
  std::vector<std::unique_ptr<Connection>> idle_readers_ GUARDED_BY(readers_mutex_);
};

}  // namespace postrider::adapters::sqlite
