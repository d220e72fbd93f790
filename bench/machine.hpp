// The machine of a run: without it the figures mean nothing. A plain value.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace postrider::bench {

struct Machine {
  unsigned cores = 0;
  std::string processor;
  long memory_mib = 0;
  std::string kernel;
  std::string file_system;  // of the databases' folder
  std::string sqlite;
  std::string compiler;
  double load_before = 0;  // one-minute load average: shows whether the machine was busy
  double synced_writes_per_second = 0;  // 4 KiB appended + fdatasync, one after the other
};

/// The present machine. Measures the synced writes in `folder` for about one second.
Machine look_at_machine(const std::filesystem::path& folder);

void print(std::ostream& out, const Machine& machine);

}  // namespace postrider::bench
