#include "adapters/sqlite/database/reserve.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace postrider::adapters::sqlite {

bool Reserve::fill() {
  if (filled_) return true;
  const int file = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return false;
  filled_ = ::posix_fallocate(file, 0, size) == 0;
  ::close(file);
  if (!filled_) ::unlink(path_.c_str());  // a part of it would only make the disk fuller
  return filled_;
}

bool Reserve::release() {
  if (!filled_) return false;
  filled_ = false;
  return ::unlink(path_.c_str()) == 0;
}

}  // namespace postrider::adapters::sqlite
