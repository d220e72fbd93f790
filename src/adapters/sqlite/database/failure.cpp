#include "adapters/sqlite/database/failure.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>

namespace postrider::adapters::sqlite {
namespace {

using domain::ErrorKind;

bool no_space(sqlite3* db) {
  const int reason = db != nullptr ? sqlite3_system_errno(db) : 0;
  return reason == ENOSPC || reason == EDQUOT;
}

/// True for I/O codes that say nothing about the medium: no memory, or a lock that was not free.
bool harmless(int code) {
  switch (code) {
    case SQLITE_IOERR_NOMEM:
    case SQLITE_IOERR_BLOCKED:
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_RDLOCK:
    case SQLITE_IOERR_UNLOCK:
    case SQLITE_IOERR_CHECKRESERVEDLOCK: return true;
    default: return false;
  }
}

/// True for codes after which pages of earlier writes may be lost in the kernel. The errno of a
/// full disk (a thinly provisioned one, or a quota of a network file system) changes nothing: the
/// kernel drops the pages all the same.
bool durability_lost(int code) {
  return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ||
         code == SQLITE_IOERR_TRUNCATE;
}

[[noreturn]] void end_process(int code, std::string_view doing) {
  std::string line{"postrider: the database's disk failed while "};
  line.append(doing).append(" (SQLite error ").append(std::to_string(code));
  line.append("); ending now, nothing unconfirmed was acknowledged\n");
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(exit_on_io_error);
}

ErrorKind kind_of(sqlite3* db, int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return ErrorKind::storage_full;
    case SQLITE_IOERR: return no_space(db) ? ErrorKind::storage_full : ErrorKind::unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorKind::corrupt;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH: return ErrorKind::invalid;
    case SQLITE_CANTOPEN: return no_space(db) ? ErrorKind::storage_full : ErrorKind::unavailable;
    default: return ErrorKind::unavailable;
  }
}

}  // namespace

domain::Error to_error(sqlite3* db, int code, std::string_view doing) {
  const auto kind = kind_of(db, code);
  const bool medium = (code & 0xff) == SQLITE_IOERR && !harmless(code);
  if (medium && (kind != ErrorKind::storage_full || durability_lost(code)))
    end_process(code, doing);
  // Never sqlite3_errmsg(): it may quote values.
  std::string what{sqlite3_errstr(code)};
  what.append(" (SQLite ").append(std::to_string(code)).append(") while ").append(doing);
  return {kind, std::move(what)};
}

}  // namespace postrider::adapters::sqlite
