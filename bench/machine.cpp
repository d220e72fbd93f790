#include "machine.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <ostream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace postrider::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds slice{200};
constexpr int slices = 5;
constexpr std::size_t page = 4096;
constexpr double quiet_load = 0.7;

std::string processor() {
  std::ifstream in{"/proc/cpuinfo"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name")) return line.substr(line.find(": ") + 2);
  return "unknown";
}

std::string file_system(const std::filesystem::path& folder) {
  struct statfs info {};
  if (::statfs(folder.c_str(), &info) != 0) return "unknown";
  switch (static_cast<unsigned long>(info.f_type)) {  // statfs(2)
    case 0xEF53: return "ext4";
    case 0x58465342: return "xfs";
    case 0x9123683E: return "btrfs";
    case 0x794C7630: return "overlayfs";
    case 0x01021994: return "tmpfs (not a disk: these figures are of no use)";
    default: return "other";
  }
}

/// The synced writes a second: the median of a few slices, as for all figures.
double synced_writes(const std::filesystem::path& folder) {
  const auto path = folder / "synced";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error{"can't write in " + folder.string()};
  const std::vector<char> block(page, 'x');
  std::array<double, slices> rates{};
  for (double& rate : rates) {
    const auto began = Clock::now();
    int writes = 0;
    while (Clock::now() - began < slice) {
      if (::write(file, block.data(), block.size()) != static_cast<ssize_t>(page) ||
          ::fdatasync(file) != 0)
        throw std::runtime_error{"can't write in " + folder.string()};
      ++writes;
    }
    rate = writes / std::chrono::duration<double>(Clock::now() - began).count();
  }
  ::close(file);
  std::filesystem::remove(path);
  std::sort(rates.begin(), rates.end());
  return rates[slices / 2];
}

}  // namespace

Machine look_at_machine(const std::filesystem::path& folder) {
  Machine machine;
  machine.cores = std::thread::hardware_concurrency();
  machine.processor = processor();
  struct sysinfo memory {};
  if (::sysinfo(&memory) == 0)
    machine.memory_mib = static_cast<long>(memory.totalram / (1024 * 1024) * memory.mem_unit);
  struct utsname system {};
  if (::uname(&system) == 0) machine.kernel = std::string{system.sysname} + " " + system.release;
  machine.file_system = file_system(folder);
  machine.sqlite = sqlite3_libversion();
  machine.compiler = "g++ " __VERSION__;
  double load = 0;
  if (::getloadavg(&load, 1) == 1) machine.load_before = load;
  machine.synced_writes_per_second = synced_writes(folder);
  return machine;
}

void print(std::ostream& out, const Machine& machine) {
  out << machine.cores << " cores, " << machine.processor << ", " << machine.memory_mib << " MiB, "
      << machine.kernel << ", " << machine.file_system << "\n"
      << "SQLite " << machine.sqlite << ", " << machine.compiler << "\n"
      << "4 KiB write + fdatasync: " << static_cast<long>(machine.synced_writes_per_second)
      << " a second; load average before: " << machine.load_before << "\n";
  if (machine.load_before > quiet_load)
    out << "Others are busy on this machine: take the ratios with care, and measure again.\n";
}

}  // namespace postrider::bench
