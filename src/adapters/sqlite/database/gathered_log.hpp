// A file layer of SQLite (a VFS) that gathers what a commit writes into the log and gives it to the
// system in few large writes: SQLite makes two for each page, a fifth of the time of a commit of
// 1,000 notifications. Before the log is synced, read, measured, cut or closed, all of it has been
// written, and a write that fails fails that step.
#pragma once

namespace postrider::adapters::sqlite {

/// The layer's name, for sqlite3_open_v2; registered by the first call, over the file layer that is
/// the default then. Null where SQLite refuses it: its own layer serves then. Thread-safe.
///
/// Needs what Database gives it: `PRAGMA synchronous = FULL`, so that each commit syncs the log
/// before other connections look for it there (https://sqlite.org/wal.html); `PRAGMA cache_spill =
/// OFF`, or nobody else who writes, because what a rollback leaves behind may be written later; and
/// a rollback after any failure, as Connection's failures that stick bring about.
const char* gathered_log_layer();

}  // namespace postrider::adapters::sqlite
