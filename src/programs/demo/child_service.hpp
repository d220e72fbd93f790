// A `postrider serve` in a process of its own, of the same program file, on a free port of this
// machine. For one thread. The process ends with the object.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace postrider::programs {

class ChildService {
 public:
  /// Starts the service with its log in `data`/service.log and waits until it listens. `settings`:
  /// "key=value" each. Throws Refused.
  ChildService(const std::string& data, const std::vector<std::string>& settings);
  ~ChildService();
  ChildService(const ChildService&) = delete;
  ChildService& operator=(const ChildService&) = delete;

  const std::string& url() const { return url_; }
  /// Ends the service by SIGTERM and returns its exit code.
  int stop();

 private:
  pid_t process_ = -1;
  std::string url_;
};

}  // namespace postrider::programs
