#include "child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace postrider::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_start{15};
constexpr std::chrono::seconds longest_stop{10};
constexpr std::chrono::milliseconds glance{5};

[[noreturn]] void become(const std::vector<char*>& arguments, const std::filesystem::path& output,
                         pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent ended before prctl()
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

Child::Child(const std::vector<std::string>& command, std::filesystem::path output)
    : name_{std::filesystem::path{command.at(0)}.filename()}, output_{std::move(output)} {
  std::vector<char*> arguments;
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t self = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error{"can't start " + name_};
  if (pid_ == 0) become(arguments, output_, self);
}

std::string Child::printed() const {
  std::ifstream in{output_, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::int64_t Child::peak_memory() const {
  std::ifstream in{"/proc/" + std::to_string(pid_) + "/status"};
  std::string word;
  std::int64_t kib = 0;
  while (in >> word)
    if (word == "VmHWM:" && in >> kib) return kib * 1024;
  throw std::runtime_error{name_ + " has ended too early:\n" + printed()};
}

std::uint16_t Child::port() {
  constexpr std::string_view sign = "listening on http://127.0.0.1:";
  const auto until = Clock::now() + longest_start;
  while (Clock::now() < until) {
    const auto text = printed();
    const auto at = text.find(sign);
    if (at != std::string::npos && text.find('\n', at) != std::string::npos)
      return static_cast<std::uint16_t>(std::stoi(text.substr(at + sign.size())));
    if (ended()) throw std::runtime_error{name_ + " ended instead of listening; it said:\n" + text};
    std::this_thread::sleep_for(glance);
  }
  throw std::runtime_error{name_ + " does not listen; it said:\n" + printed()};
}

bool Child::ended() {
  if (pid_ < 0) return true;
  if (::waitpid(pid_, &status_, WNOHANG) != pid_) return false;
  pid_ = -1;
  return true;
}

int Child::wait() {
  if (pid_ >= 0) {
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
  }
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

void Child::stop() {
  if (ended()) return;
  ::kill(pid_, SIGTERM);
  const auto until = Clock::now() + longest_stop;
  while (!ended()) {
    if (Clock::now() > until) {
      ::kill(pid_, SIGKILL);
      wait();
      return;
    }
    std::this_thread::sleep_for(glance);
  }
}

}  // namespace postrider::bench
