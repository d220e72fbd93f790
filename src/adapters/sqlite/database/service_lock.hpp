// Only one service may use a database. The lock is a file beside it; the kernel lets go of it when
// the process ends, however it ends.
#pragma once

#include <string>

#include "domain/result.hpp"

namespace postrider::adapters::sqlite {

class ServiceLock {
 public:
  /// Takes the lock of `directory`; an Error `locked` names the process that has it.
  static domain::Result<ServiceLock> take(const std::string& directory);

  ServiceLock(ServiceLock&& other) noexcept;
  ServiceLock& operator=(ServiceLock&&) = delete;
  ~ServiceLock();

 private:
  explicit ServiceLock(int file) : file_{file} {}
  int file_;
};

}  // namespace postrider::adapters::sqlite
