// A real SMTP server (tests/support/mail/smtp_server.py) for each test, and mails to send. For one
// thread; the server ends with the fixture.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "ports/clock.hpp"
#include "ports/mailer.hpp"

namespace postrider::adapters::smtp {

namespace fs = std::filesystem;

constexpr auto no_limit = domain::TimePoint::max();

class FixedClock : public ports::Clock {
 public:
  domain::TimePoint now() const override { return domain::from_unix_ms(1'700'000'000'000); }
};

inline message::Email mail_to(const std::string& to, std::uint8_t reference = 1) {
  message::Email mail;
  mail.reference.bytes[15] = reference;
  mail.attempt_no = 2;
  mail.from = "Shop <orders@shop.example>";
  mail.to = to;
  mail.subject = "Order Update - Grüße";
  mail.text = "Your order is on its way.\n.\nA line that begins with a dot is above.\n";
  mail.html = "<p>Your order is on its way.</p>";
  mail.headers = {{"List-Unsubscribe", "<https://shop.example/u>"}};
  return mail;
}

inline std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "mail-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }
  std::vector<fs::path> files(const std::string& extension) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator{path_})
      if (entry.path().extension() == extension) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  fs::path path_;
};

/// The server process; ends with its standard input.
class SmtpServer {
 public:
  explicit SmtpServer(std::vector<std::string> arguments) {
    const std::string script =
        std::string{POSTRIDER_SOURCE_DIR} + "/tests/support/mail/smtp_server.py";
    arguments.insert(arguments.begin(),
                     {"/usr/bin/python3", script, "--folder", folder_.path().string(),
                      "--envelopes", folder_.path().string(), "--until-stdin-ends"});
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("pipe");
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    stdin_ = in[1];
    FILE* announced = ::fdopen(out[0], "r");
    if (std::fscanf(announced, "port %d", &port_) != 1) port_ = 0;
    std::fclose(announced);
  }
  ~SmtpServer() {
    ::close(stdin_);
    // A client that hangs on keeps the server waiting.
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
  }
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  int port() const { return port_; }
  std::vector<fs::path> mails() const { return folder_.files(".eml"); }
  std::string mail(std::size_t index) const { return read_file(mails().at(index)); }
  std::string envelope(std::size_t index) const {
    return read_file(folder_.files(".json").at(index));
  }

 private:
  Folder folder_;
  pid_t child_ = -1;
  int stdin_ = -1;
  int port_ = 0;
};

}  // namespace postrider::adapters::smtp
