#include "adapters/smtp/outbox_mailer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "message/email/mime.hpp"

namespace postrider::adapters::smtp {
namespace {

namespace fs = std::filesystem;

/// An open file, closed by the destructor.
class File {
 public:
  File(const std::string& path, int flags) : fd_{::open(path.c_str(), flags | O_CLOEXEC, 0600)} {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool open() const { return fd_ >= 0; }
  bool sync() const { return ::fsync(fd_) == 0; }
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const auto written = ::write(fd_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

 private:
  int fd_;
};

/// The name of a temporary file of this thread alone, because two threads may write the same mail
/// (delivery is at least once).
std::string scratch_name(const std::string& path) {
  const auto thread = std::hash<std::thread::id>{}(std::this_thread::get_id());
  return path + "." + std::to_string(::getpid()) + "." + std::to_string(thread) + ".tmp";
}

}  // namespace

OutboxMailer::OutboxMailer(std::string folder, ports::Clock& clock)
    : folder_{std::move(folder)}, clock_{clock} {
  std::error_code error;
  if (fs::create_directories(folder_, error)) fs::permissions(folder_, fs::perms::owner_all, error);
  if (!fs::is_directory(folder_)) throw std::runtime_error("no folder for mail: " + folder_);
}

std::vector<ports::MailOutcome> OutboxMailer::send(std::span<const message::Email> batch,
                                                   domain::TimePoint /* a file takes no time */) {
  std::vector<ports::MailOutcome> outcomes;
  outcomes.reserve(batch.size());
  for (const auto& mail : batch) outcomes.push_back(write(mail));
  // One sync of the folder makes the names of all files durable.
  if (!File{folder_, O_RDONLY | O_DIRECTORY}.sync())
    for (auto& outcome : outcomes)
      if (std::holds_alternative<ports::MailAccepted>(outcome))
        outcome = ports::MailFailed{domain::Fault::server, "outbox_not_synced"};
  return outcomes;
}

ports::MailOutcome OutboxMailer::write(const message::Email& mail) const {
  if (!message::is_plain_address(mail.to))
    return ports::MailFailed{domain::Fault::recipient, "bad_address"};
  const auto mime = message::to_mime(mail, clock_.now());
  if (!mime) return ports::MailFailed{domain::Fault::message, "bad_mail"};
  const std::string id = message::message_id_of(mail);
  const std::string path = folder_ + "/" + id + ".eml";
  const std::string scratch = scratch_name(path);
  {
    const File file{scratch, O_WRONLY | O_CREAT | O_TRUNC};
    if (!file.open() || !file.write(*mime) || !file.sync()) {
      ::unlink(scratch.c_str());
      return ports::MailFailed{domain::Fault::server, "outbox_not_written"};
    }
  }
  if (std::rename(scratch.c_str(), path.c_str()) != 0) {
    ::unlink(scratch.c_str());
    return ports::MailFailed{domain::Fault::server, "outbox_not_written"};
  }
  return ports::MailAccepted{id};
}

}  // namespace postrider::adapters::smtp
