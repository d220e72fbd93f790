// A mailer: hands e-mail to a mail server, at least once. A doubtful outcome is `MailDeferred`, and
// the mail is sent again; a failure of the server does not count as an attempt. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/time.hpp"
#include "message/email/email.hpp"

namespace postrider::ports {

/// The server took the mail.
struct MailAccepted {
  std::string message_id;
};
/// The server refused the mail for good: a 5yz answer, or an address that can't exist.
struct MailRejected {
  std::string code;
  bool no_mailbox = false;  // the address does not exist, so no other mail will arrive either
};
/// The server put this mail off (4yz), or its outcome is in doubt (connection lost after DATA).
struct MailDeferred {
  std::string code;
  bool in_doubt = false;  // the server may have taken the mail
};
/// The server could not be used, whatever the mail: no connection, TLS, our account.
struct MailUnreachable {
  std::string code;
};
/// The time given for the batch was over before this mail.
struct MailNotBegun {};
using MailOutcome =
    std::variant<MailAccepted, MailRejected, MailDeferred, MailUnreachable, MailNotBegun>;

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
