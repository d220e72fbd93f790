#include "programs/demo/child_service.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "programs/outcome.hpp"

namespace postrider::programs {
namespace {

/// The address in the first line of the service's output; empty when the service ended without it.
std::string read_address(int output) {
  std::string text;
  char buffer[512];
  while (true) {
    const auto n = ::read(output, buffer, sizeof buffer);
    if (n <= 0) return "";
    text.append(buffer, static_cast<std::size_t>(n));
    const auto at = text.find("http://");
    if (at == text.npos) continue;
    const auto end = text.find('\n', at);
    if (end != text.npos) return text.substr(at, end - at);
  }
}

[[noreturn]] void become_service(int output, std::vector<std::string> arguments) {
  ::dup2(output, STDOUT_FILENO);
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv("/proc/self/exe", argv.data());
  ::_exit(exit_internal);
}

}  // namespace

ChildService::ChildService(const std::string& data, const std::vector<std::string>& settings) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) throw Refused{"no pipe for the service"};
  std::vector<std::string> arguments{
      "postrider", "serve",       "--data", data,
      "--listen",  "127.0.0.1:0", "--set",  "log.file=" + data + "/service.log"};
  for (const auto& setting : settings) {
    arguments.emplace_back("--set");
    arguments.push_back(setting);
  }
  process_ = ::fork();
  if (process_ < 0) throw Refused{"no process for the service"};
  if (process_ == 0) become_service(pipe[1], std::move(arguments));
  ::close(pipe[1]);
  url_ = read_address(pipe[0]);
  // The pipe stays open for the few lines that follow: a closed pipe would end the service by
  // SIGPIPE.
  if (url_.empty()) throw Refused{"the service did not start"};
}

ChildService::~ChildService() { stop(); }

int ChildService::stop() {
  if (process_ < 0) return exit_done;
  ::kill(process_, SIGTERM);
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : exit_internal;
}

}  // namespace postrider::programs
