#include "adapters/sqlite/database/database.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "adapters/sqlite/database/failure.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::Done;
using domain::Error;
using domain::ErrorKind;
using domain::Result;

// The log is copied into the database once it has this many pages (16 MiB): often enough that no
// commit waits long for it, seldom enough that a page changed by several batches is copied once.
constexpr int pages_before_checkpoint = 4000;

constexpr std::chrono::milliseconds pause_between_checkpoints{250};  // of those that lack space

// Checkpoints are ours: SQLite's automatic ones ignore their errors, and one may be a failed fsync.
constexpr const char* writer_pragmas =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA foreign_keys = OFF;"
    "PRAGMA secure_delete = OFF;"
    "PRAGMA cache_size = -32768;";
// After an upgrade, which may sort and change more than the memory holds. All other transactions
// are batches: their pages stay in memory until the commit, so that the log never holds, and
// gathered_log.hpp never keeps, what a rollback has left behind.
constexpr const char* pragmas_after_upgrade =
    "PRAGMA temp_store = MEMORY; PRAGMA cache_spill = OFF;";
constexpr const char* reader_pragmas =
    "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;";

int count_log_pages(void* pages, sqlite3*, const char*, int in_log) {
  *static_cast<int*>(pages) = in_log;
  return SQLITE_OK;
}

/// The octets that are free on the disk of `folder`; 0 where that can't be read.
std::uint64_t free_space(const std::string& folder) {
  std::error_code failed;
  const auto space = std::filesystem::space(folder, failed);
  return failed ? 0 : space.available;
}

}  // namespace

Database::Database(const std::string& directory)
    : directory_{directory},
      file_{directory + "/postrider.db"},
      reserve_{directory + "/postrider.reserve"},
      checkpoint_at_{pages_before_checkpoint} {}

Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open_service(const std::string& directory,
                                                         const UpgradeProgress& progress) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed)
    return Error{ErrorKind::unavailable, "cannot make " + directory + ": " + failed.message()};
  auto lock = ServiceLock::take(directory);
  if (!lock) return lock.error();
  std::unique_ptr<Database> database{new Database{directory}};
  database->lock_.emplace(std::move(*lock));
  if (auto done = database->open_writer(progress); !done) return done.error();
  if (auto done = database->open_readers(); !done) return done.error();
  return database;
}

Result<std::unique_ptr<Database>> Database::open_reader(const std::string& directory) {
  std::unique_ptr<Database> database{new Database{directory}};
  struct stat info {};
  if (::stat(database->file_.c_str(), &info) != 0)
    return Error{ErrorKind::unavailable,
                 "no database at " + database->file_ + ": " + std::strerror(errno)};
  if (auto done = database->open_readers(); !done) return done.error();
  return database;
}

Result<Done> Database::open_writer(const UpgradeProgress& progress) {
  auto opened = Connection::open(file_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (!opened) return opened.error();
  const concurrency::Lock lock{writer_mutex_};
  writer_.reset(new Writer{std::move(**opened)});
  if (!writer_->execute(writer_pragmas)) return *writer_->take_failure();
  // After the pragmas: turning automatic checkpoints off removes any hook.
  sqlite3_wal_hook(writer_->handle(), count_log_pages, &log_pages_);
  if (auto done = migrate(*writer_, progress); !done) return done;
  if (!writer_->execute(pragmas_after_upgrade)) return *writer_->take_failure();
  reserve_.fill();
  return Done{};
}

Result<Done> Database::open_readers() {
  const concurrency::Lock lock{readers_mutex_};
  for (std::size_t i = 0; i < readers; ++i) {
    auto opened = Connection::open(file_, SQLITE_OPEN_READONLY);
    if (!opened) return opened.error();
    if (!(*opened)->execute(reader_pragmas)) return *(*opened)->take_failure();
    if (auto done = check_version(**opened); !done) return done;
    idle_readers_.push_back(std::move(*opened));
  }
  return Done{};
}

std::optional<Error> Database::refuse(Purpose purpose) {
  if (!writer_) return Error{ErrorKind::unavailable, "the database is open for reading only"};
  if (purpose != Purpose::intake) return std::nullopt;
  // Space that comes free is the reserve's, then the checkpoint's: were the log to take it, nothing
  // could shorten the log any more.
  make_up_for_checkpoint();
  if (checkpoint_lacks_space_ || !reserve_.fill())
    return Error{ErrorKind::storage_full, "no disk space is left for new orders"};
  return std::nullopt;
}

void Database::begin(Purpose purpose) {
  // Debian's SQLite overwrites all that is deleted, so each change of a row and of its indexes is
  // written with zeros first: a tenth of the time. What is erased on purpose must really go.
  const bool overwrite = purpose == Purpose::erase;
  if (overwrite != overwrites_deleted_)
    writer_->run(overwrite ? "PRAGMA secure_delete = ON" : "PRAGMA secure_delete = OFF");
  overwrites_deleted_ = overwrite;
  writer_->run("BEGIN IMMEDIATE");
}

std::optional<Error> Database::commit() {
  if (writer_->run("COMMIT")) {
    if (log_pages_ >= checkpoint_at_) {
      checkpoint();
    } else {
      make_up_for_checkpoint();
    }
    return std::nullopt;
  }
  auto error = writer_->take_failure();
  // Some failures have ended the transaction already.
  if (sqlite3_get_autocommit(writer_->handle()) == 0) writer_->run("ROLLBACK");
  writer_->take_failure();
  // Lets the log start again. One that a reader stops half-way is made up for as one that lacks
  // space: else the log would take what comes free, and nothing could shorten it any more.
  if (error->kind == ErrorKind::storage_full && !checkpoint()) checkpoint_lacks_space_ = true;
  return error;
}

std::optional<Error> Database::end_read(Connection& reader) {
  auto error = reader.take_failure();
  if (sqlite3_get_autocommit(reader.handle()) == 0) reader.run("COMMIT");
  // SQLite refuses to commit behind a damaged page, also where the reader has passed over it. Of a
  // transaction that only read nothing is lost.
  reader.pass_over_damage();
  if (auto at_end = reader.take_failure(); at_end && !error) error = std::move(at_end);
  if (sqlite3_get_autocommit(reader.handle()) == 0) reader.run("ROLLBACK");
  reader.take_failure();
  return error;
}

bool Database::make_room(const Error& error) {
  return error.kind == ErrorKind::storage_full && reserve_.release();
}

/// Tries a checkpoint that lacked space again, but not with the reserve's space, and where the disk
/// is as full as it was not all the time: a try copies what fits, for nothing. Where space came
/// free it tries at once: in a pause, the log of what is under way would take megabytes.
void Database::make_up_for_checkpoint() {
  if (!checkpoint_lacks_space_) return;
  const bool was_reserved = reserve_.filled();
  if (!reserve_.fill()) return;
  if (!was_reserved || free_space(directory_) > free_at_last_try_ ||
      std::chrono::steady_clock::now() >= next_checkpoint_try_)
    checkpoint();
}

bool Database::checkpoint() {
  int in_log = 0, copied = 0;
  const int code = sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             &in_log, &copied);
  // A full disk leaves the log as it is, and it grows on; the next commit tries again. to_error()
  // ends the process if the disk failed.
  checkpoint_lacks_space_ =
      code != SQLITE_OK &&
      to_error(writer_->handle(), code, "copying the log into the database").kind ==
          ErrorKind::storage_full;
  next_checkpoint_try_ = std::chrono::steady_clock::now() + pause_between_checkpoints;
  if (checkpoint_lacks_space_) free_at_last_try_ = free_space(directory_);
  const bool complete = code == SQLITE_OK && copied == in_log;
  checkpoint_at_ = complete ? pages_before_checkpoint : log_pages_ + pages_before_checkpoint / 4;
  return complete;
}

std::unique_ptr<Connection> Database::take_reader() {
  concurrency::Lock lock{readers_mutex_};
  while (idle_readers_.empty()) reader_came_back_.wait(lock);
  auto reader = std::move(idle_readers_.back());
  idle_readers_.pop_back();
  return reader;
}

void Database::give_back(std::unique_ptr<Connection> reader) {
  {
    const concurrency::Lock lock{readers_mutex_};
    idle_readers_.push_back(std::move(reader));
  }
  reader_came_back_.notify_one();
}

}  // namespace postrider::adapters::sqlite
