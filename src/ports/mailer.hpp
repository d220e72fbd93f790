// A mailer: hands e-mail to a mail server, at least once: a mail of doubtful outcome is sent again.
// A failure of the server does not count as an attempt. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/delivery/fault.hpp"
#include "domain/time.hpp"
#include "message/email/email.hpp"

namespace postrider::ports {

/// The server took the mail.
struct MailAccepted {
  std::string message_id;
};
/// The server did not take the mail, or (`Fault::unknown`) may have taken it.
struct MailFailed {
  domain::Fault fault = domain::Fault::unknown;
  std::string code;
  domain::Milliseconds retry_after{};  // the wait that the server asks for; 0: none
};
/// The time given for the batch was over before this mail.
struct MailNotBegun {};
using MailOutcome = std::variant<MailAccepted, MailFailed, MailNotBegun>;

class Mailer {
 public:
  virtual ~Mailer() = default;
  /// The carrier's name in records, such as "smtp".
  virtual std::string name() const = 0;
  /// Sends mails; one outcome per mail, in order. No mail is begun after `until`, though a mail
  /// that was begun may end later. Never throws.
  virtual std::vector<MailOutcome> send(std::span<const message::Email> batch,
                                        domain::TimePoint until) = 0;
};

}  // namespace postrider::ports
