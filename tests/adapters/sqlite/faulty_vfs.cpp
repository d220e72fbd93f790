#include "adapters/sqlite/faulty_vfs.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <new>

namespace postrider::adapters::sqlite {
namespace {

Faults faults;
sqlite3_vfs* real = nullptr;

struct File {
  sqlite3_file base;
  bool is_log;
  // The real file follows.
  sqlite3_file* inner() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  bool spared() const { return is_log && faults.only_database; }
};

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* in(sqlite3_file* file) { return of(file).inner(); }
const sqlite3_io_methods& methods(sqlite3_file* file) { return *in(file)->pMethods; }

int close(sqlite3_file* f) { return methods(f).xClose(in(f)); }
int read(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
  if (faults.read_fails && !of(f).spared()) return SQLITE_IOERR_READ;
  return methods(f).xRead(in(f), to, size, at);
}
int write(sqlite3_file* f, const void* from, int size, sqlite3_int64 at) {
  sqlite3_int64 end = 0;
  methods(f).xFileSize(in(f), &end);
  // A full disk still takes what overwrites.
  if (faults.no_space && at + size > end && !of(f).spared()) {
    errno = ENOSPC;
    return SQLITE_FULL;
  }
  return methods(f).xWrite(in(f), from, size, at);
}
int truncate(sqlite3_file* f, sqlite3_int64 size) { return methods(f).xTruncate(in(f), size); }
int sync(sqlite3_file* f, int flags) {
  if (faults.sync_fails && !of(f).spared()) {
    errno = faults.sync_errno;
    return SQLITE_IOERR_FSYNC;
  }
  return methods(f).xSync(in(f), flags);
}
int size(sqlite3_file* f, sqlite3_int64* bytes) { return methods(f).xFileSize(in(f), bytes); }
int lock(sqlite3_file* f, int level) { return methods(f).xLock(in(f), level); }
int unlock(sqlite3_file* f, int level) { return methods(f).xUnlock(in(f), level); }
int reserved(sqlite3_file* f, int* out) { return methods(f).xCheckReservedLock(in(f), out); }
int control(sqlite3_file* f, int what, void* with) {
  return methods(f).xFileControl(in(f), what, with);
}
int sector(sqlite3_file* f) { return methods(f).xSectorSize(in(f)); }
int traits(sqlite3_file* f) { return methods(f).xDeviceCharacteristics(in(f)); }
int shm_map(sqlite3_file* f, int page, int bytes, int extend, void volatile** out) {
  return methods(f).xShmMap(in(f), page, bytes, extend, out);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  return methods(f).xShmLock(in(f), offset, n, flags);
}
void shm_barrier(sqlite3_file* f) { methods(f).xShmBarrier(in(f)); }
int shm_unmap(sqlite3_file* f, int erase) { return methods(f).xShmUnmap(in(f), erase); }

const sqlite3_io_methods faulty_methods{
    2,       close,  read,   write,   truncate, sync,        size,      lock,    unlock, reserved,
    control, sector, traits, shm_map, shm_lock, shm_barrier, shm_unmap, nullptr, nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out_flags) {
  auto* file = new (f) File{{nullptr}, (flags & SQLITE_OPEN_WAL) != 0};
  const int code = real->xOpen(real, name, file->inner(), flags, out_flags);
  if (file->inner()->pMethods != nullptr) file->base.pMethods = &faulty_methods;
  return code;
}

}  // namespace

Faults& faulty_disk() {
  static const bool installed = [] {
    real = sqlite3_vfs_find(nullptr);
    static sqlite3_vfs faulty = *real;
    faulty.zName = "faulty";
    faulty.szOsFile = static_cast<int>(sizeof(File)) + real->szOsFile;
    faulty.xOpen = open;
    return sqlite3_vfs_register(&faulty, 1) == SQLITE_OK;
  }();
  static_cast<void>(installed);
  return faults;
}

// Before the first database, because the store's own layer lies over the default of that moment.
[[maybe_unused]] static const Faults& installed_at_start = faulty_disk();

}  // namespace postrider::adapters::sqlite
