// The lock of a database: only one service may use it. A file beside the database, of which the
// kernel lets go when the process ends, however it ends. Not thread-safe.
#pragma once

#include <string>

#include "domain/result.hpp"

namespace postrider::adapters::sqlite {

class ServiceLock {
 public:
  /// Takes the lock of `directory`. Errors: `locked`, with the id of the process that has it;
  /// `unavailable`: the file can't be opened or made.
  static domain::Result<ServiceLock> take(const std::string& directory);

  /// `other` has no lock afterwards.
  ServiceLock(ServiceLock&& other) noexcept;
  ServiceLock& operator=(ServiceLock&&) = delete;
  /// Lets go of the lock.
  ~ServiceLock();

 private:
  explicit ServiceLock(int file) : file_{file} {}

  int file_;  // its descriptor; below 0: none
};

}  // namespace postrider::adapters::sqlite
