// Writes each mail as an .eml file instead of sending it: what a shop without a mail server gets,
// and what the demo shows. Thread-safe. The files are the only copies, so they are synced.
#pragma once

#include <string>

#include "ports/clock.hpp"
#include "ports/mailer.hpp"

namespace postrider::adapters::smtp {

class OutboxMailer : public ports::Mailer {
 public:
  /// Creates `folder` (mode 0700) when it is missing. Throws std::runtime_error when it can't.
  OutboxMailer(std::string folder, ports::Clock& clock);

  std::string name() const override { return "outbox"; }
  /// A file named by the message id appears whole or not at all; the same mail again replaces it.
  /// What can't be written is MailDeferred.
  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint until) override;

 private:
  ports::MailOutcome write(const message::Email& mail) const;

  std::string folder_;
  ports::Clock& clock_;
};

}  // namespace postrider::adapters::smtp
