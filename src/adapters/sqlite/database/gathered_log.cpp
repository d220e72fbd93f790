#include "adapters/sqlite/database/gathered_log.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace postrider::adapters::sqlite {
namespace {

// 31 pages of 4 KiB with their headers: SQLite's own layer writes less than 128 KiB at once.
constexpr std::size_t gathered_bytes = 31 * (4096 + 24);
static_assert(gathered_bytes > 65'536);  // SQLite writes at most one page, its largest

/// The log as one connection has it open: SQLite's own file behind this one in memory, and bytes
/// that are to be written to it.
class Log : public sqlite3_file {
 public:
  explicit Log(sqlite3_file* file) : sqlite3_file{&methods}, file_{file} {}

  sqlite3_file* file() const { return file_; }

  int write(const void* bytes, std::size_t count, sqlite3_int64 offset) {
    if (!gathers()) return file_->pMethods->xWrite(file_, bytes, static_cast<int>(count), offset);
    const bool follows = offset == offset_ + static_cast<sqlite3_int64>(filled_);
    if (!follows || filled_ + count > gathered_bytes)
      if (const int code = flush(); code != SQLITE_OK) return code;
    if (!gathered_) gathered_.reset(new (std::nothrow) std::byte[gathered_bytes]);
    if (!gathered_) return SQLITE_IOERR_NOMEM;
    if (filled_ == 0) offset_ = offset;
    std::memcpy(gathered_.get() + filled_, bytes, count);
    filled_ += count;
    return SQLITE_OK;
  }

  /// Writes what was gathered. After a failure it is forgotten, and the transaction must be undone.
  int flush() {
    if (filled_ == 0) return SQLITE_OK;
    const auto count = static_cast<int>(filled_);
    filled_ = 0;
    return file_->pMethods->xWrite(file_, gathered_.get(), count, offset_);
  }

 private:
  static const sqlite3_io_methods methods;

  /// False for a disk on which a write may damage its neighbours: there SQLite writes the last
  /// frame's end after the sync.
  bool gathers() const {
    return (file_->pMethods->xDeviceCharacteristics(file_) & SQLITE_IOCAP_POWERSAFE_OVERWRITE) != 0;
  }

  sqlite3_file* file_;
  std::unique_ptr<std::byte[]> gathered_;  // none before the first write: most only read
  std::size_t filled_ = 0;
  sqlite3_int64 offset_ = 0;  // in the file, of the first byte that was gathered
};

Log& log_of(sqlite3_file* file) { return *static_cast<Log*>(file); }

/// Calls `method` of SQLite's own file.
template <auto method, class... Values>
int pass_on(sqlite3_file* file, Values... values) {
  auto* own = log_of(file).file();
  return (own->pMethods->*method)(own, values...);
}

/// The same once all has been written.
template <auto method, class... Values>
int flush_and_pass_on(sqlite3_file* file, Values... values) {
  if (const int code = log_of(file).flush(); code != SQLITE_OK) return code;
  return pass_on<method>(file, values...);
}

int close_log(sqlite3_file* file) {
  const int flushed = log_of(file).flush();
  const int closed = pass_on<&sqlite3_io_methods::xClose>(file);
  log_of(file).~Log();
  return flushed != SQLITE_OK ? flushed : closed;
}

/// After a full disk SQLite undoes one statement, after any other failure the whole transaction,
/// which is what is needed when frames of earlier statements are lost.
int read_log(sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
  const int code = log_of(file).flush();
  if (code != SQLITE_OK) return code == SQLITE_FULL ? SQLITE_IOERR_WRITE : code;
  return pass_on<&sqlite3_io_methods::xRead>(file, bytes, count, offset);
}

int write_log(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  return log_of(file).write(bytes, static_cast<std::size_t>(count), offset);
}

// Version 1: the methods of shared memory and of mapped files are those of the database's file.
const sqlite3_io_methods Log::methods{1,
                                      close_log,
                                      read_log,
                                      write_log,
                                      flush_and_pass_on<&sqlite3_io_methods::xTruncate>,
                                      flush_and_pass_on<&sqlite3_io_methods::xSync>,
                                      flush_and_pass_on<&sqlite3_io_methods::xFileSize>,
                                      pass_on<&sqlite3_io_methods::xLock>,
                                      pass_on<&sqlite3_io_methods::xUnlock>,
                                      pass_on<&sqlite3_io_methods::xCheckReservedLock>,
                                      pass_on<&sqlite3_io_methods::xFileControl>,
                                      pass_on<&sqlite3_io_methods::xSectorSize>,
                                      pass_on<&sqlite3_io_methods::xDeviceCharacteristics>,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      nullptr};

sqlite3_vfs* own_layer = nullptr;

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  if ((flags & SQLITE_OPEN_WAL) == 0)
    return own_layer->xOpen(own_layer, name, file, flags, flags_out);
  auto* log = new (file) Log{reinterpret_cast<sqlite3_file*>(static_cast<Log*>(file) + 1)};
  const int code = own_layer->xOpen(own_layer, name, log->file(), flags, flags_out);
  if (code == SQLITE_OK) return SQLITE_OK;
  log->~Log();
  file->pMethods = nullptr;  // not open
  return code;
}

}  // namespace

const char* gathered_log_layer() {
  static const char* const name = []() -> const char* {
    own_layer = sqlite3_vfs_find(nullptr);
    if (own_layer == nullptr) return nullptr;
    static sqlite3_vfs layer = *own_layer;
    layer.szOsFile += static_cast<int>(sizeof(Log));
    layer.zName = "gathered-log";
    layer.pNext = nullptr;
    layer.xOpen = open_file;
    return sqlite3_vfs_register(&layer, 0) == SQLITE_OK ? layer.zName : nullptr;
  }();
  return name;
}

}  // namespace postrider::adapters::sqlite
