// A mailer that writes each mail as an .eml file into a folder, the outbox, instead of sending it.
// Thread-safe. It is for shops without a mail server and for the demo. The files are synced,
// because they are the only copies.
#pragma once

#include <string>

#include "ports/clock.hpp"
#include "ports/mailer.hpp"

namespace postrider::adapters::smtp {

class OutboxMailer : public ports::Mailer {
 public:
  /// Creates `folder` (mode 0700) when it is missing. Throws std::runtime_error when that fails.
  OutboxMailer(std::string folder, ports::Clock& clock);

  std::string name() const override { return "outbox"; }
  /// Writes each mail to a file that is named by its message id, as a whole or not at all; the same
  /// mail again replaces the file. A mail that can't be written is the server's fault. `until` is
  /// ignored.
  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint until) override;

 private:
  ports::MailOutcome write(const message::Email& mail) const;

  std::string folder_;
  ports::Clock& clock_;
};

}  // namespace postrider::adapters::smtp
