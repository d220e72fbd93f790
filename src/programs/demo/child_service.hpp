// `postrider serve` of this very program in a process of its own, on a free port of this machine.
// For one thread.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace postrider::programs {

class ChildService {
 public:
  /// Starts it with its log in `data`/service.log and waits until it listens. Throws Refused.
  ChildService(const std::string& data, const std::vector<std::string>& settings);
  ~ChildService();
  ChildService(const ChildService&) = delete;
  ChildService& operator=(const ChildService&) = delete;

  const std::string& url() const { return url_; }
  /// SIGTERM; its exit code.
  int stop();

 private:
  pid_t process_ = -1;
  std::string url_;
};

}  // namespace postrider::programs
