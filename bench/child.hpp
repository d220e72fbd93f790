// A program started for a measurement, which ends with this object and with this process. For one
// thread. Throws std::runtime_error when the program can't be started, or ends too early.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace postrider::bench {

class Child {
 public:
  /// Starts `command`; its standard output and error go to `output`.
  Child(const std::vector<std::string>& command, std::filesystem::path output);
  ~Child() { stop(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The port in "listening on http://127.0.0.1:PORT", once it has been printed.
  std::uint16_t port();

  /// Waits for the end and returns the exit code.
  int wait();

  /// The program's peak memory so far, in octets.
  std::int64_t peak_memory() const;

  /// Ends the program: SIGTERM, and SIGKILL where that does not end it.
  void stop();

 private:
  bool ended();
  std::string printed() const;

  std::string name_;
  std::filesystem::path output_;
  pid_t pid_ = -1;
  int status_ = 0;
};

}  // namespace postrider::bench
