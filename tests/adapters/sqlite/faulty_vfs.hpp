// A file system for SQLite that fails on demand: the default for every database that this process
// opens.
#pragma once

#include <atomic>
#include <cerrno>

namespace postrider::adapters::sqlite {

struct Faults {
  std::atomic<bool> no_space{false};    // every write that would need it
  std::atomic<bool> sync_fails{false};  // fsync and fdatasync
  std::atomic<int> sync_errno{EIO};     // why
  std::atomic<bool> read_fails{false};
  std::atomic<bool> only_database{false};  // spares the log
};

/// The faults that it shows.
Faults& faulty_disk();

/// A guard that ends all faults when a test ends.
struct HealthyDisk {
  ~HealthyDisk() {
    auto& faults = faulty_disk();
    faults.no_space = faults.sync_fails = faults.read_fails = faults.only_database = false;
    faults.sync_errno = EIO;
  }
};

}  // namespace postrider::adapters::sqlite
