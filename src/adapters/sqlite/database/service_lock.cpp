#include "adapters/sqlite/database/service_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace postrider::adapters::sqlite {
namespace {

std::string holder(int file) {
  std::array<char, 16> digits{};
  const auto size = ::pread(file, digits.data(), digits.size() - 1, 0);
  std::string pid;
  for (ssize_t i = 0; i < size && digits[static_cast<std::size_t>(i)] >= '0' &&
                      digits[static_cast<std::size_t>(i)] <= '9';
       ++i)
    pid += digits[static_cast<std::size_t>(i)];
  return pid.empty() ? "unknown" : pid;
}

}  // namespace

domain::Result<ServiceLock> ServiceLock::take(const std::string& directory) {
  const std::string path = directory + "/postrider.lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return domain::Error{domain::ErrorKind::unavailable,
                         "cannot open " + path + ": " + std::strerror(errno)};
  ServiceLock lock{file};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0)
    return domain::Error{domain::ErrorKind::locked, "another postrider service (pid " +
                                                        holder(file) + ") is using " + directory};
  // The number is for people only, so a full disk does not matter here.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file, 0) == 0 && ::pwrite(file, pid.data(), pid.size(), 0) < 0) errno = 0;
  return lock;
}

ServiceLock::ServiceLock(ServiceLock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}

ServiceLock::~ServiceLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace postrider::adapters::sqlite
