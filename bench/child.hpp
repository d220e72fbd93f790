// A program started for a measurement. It ends with this object, and with this process. Not
// thread-safe. Throws std::runtime_error when the program can't be started, or ends before it
// should.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace postrider::bench {

class Child {
 public:
  /// Standard output and error go to `output`.
  Child(const std::vector<std::string>& command, std::filesystem::path output);
  ~Child() { stop(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// The port in "listening on http://127.0.0.1:PORT", once it has been printed.
  std::uint16_t port();

  /// Waits for the end; the exit code.
  int wait();

  /// The most memory that it has had so far, in octets.
  std::int64_t peak_memory() const;

  /// SIGTERM, and SIGKILL when that does not end it.
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
