// The Error of an SQLite result code. A failed fsync or another I/O error ends the process, because
// the kernel may have dropped the pages, so that a retry that "succeeds" proves nothing. For the
// thread that has the connection.
#pragma once

#include <sqlite3.h>

#include <string_view>

#include "domain/result.hpp"

namespace postrider::adapters::sqlite {

inline constexpr int exit_on_io_error = 70;  // EX_SOFTWARE; the contract's "internal"

/// The Error of `code`, an extended result code that is not OK, ROW or DONE. `db`: the connection;
/// null: none was opened. `doing`: the task that failed, such as "opening the database". For an
/// error of the disk the function prints one line and ends the process with exit_on_io_error. It
/// returns where a write found the disk full, and where the code says nothing about the disk (no
/// memory, a lock). A failed fsync or truncate never counts as a full disk, whatever its errno.
domain::Error to_error(sqlite3* db, int code, std::string_view doing);

}  // namespace postrider::adapters::sqlite
