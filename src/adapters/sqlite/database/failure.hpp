// What an SQLite result code means to Postrider. A failed fsync or another I/O error ends the
// process: the kernel may have dropped the pages, so a retry that "succeeds" proves nothing.
#pragma once

#include <sqlite3.h>

#include <string_view>

#include "domain/result.hpp"

namespace postrider::adapters::sqlite {

inline constexpr int exit_on_io_error = 70;  // EX_SOFTWARE; the contract's "internal"

/// `code` is an extended result code that is not OK, ROW or DONE; `db` may be null. For I/O errors
/// it does not return but prints one line and ends the process; it returns only where a write found
/// the disk full. A failed fsync or truncate is never taken for that, whatever its errno.
domain::Error to_error(sqlite3* db, int code, std::string_view doing);

}  // namespace postrider::adapters::sqlite
