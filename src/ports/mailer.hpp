// Hands e-mail to a mail server. At least once: a doubtful outcome is `MailDeferred`, and is tried
// again; what says nothing about the mail itself uses no try of it.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "domain/time.hpp"
#include "message/email/email.hpp"

namespace postrider::ports {

struct MailAccepted {
  std::string message_id;
};
struct MailRejected {  // for good: a 5yz answer, an address that can't be
  std::string code;
  bool no_mailbox = false;  // the address itself is dead, so no other mail will do better
};
struct MailDeferred {  // this mail was put off or its end is in doubt: 4yz, dropped after DATA
  std::string code;
};
struct MailUnreachable {  // the server, not this mail: no connection, TLS, our account
  std::string code;
};
struct MailNotBegun {};  // the time given for the batch was over
using MailOutcome =
    std::variant<MailAccepted, MailRejected, MailDeferred, MailUnreachable, MailNotBegun>;

class Mailer {
 public:
  virtual ~Mailer() = default;
  virtual std::string name() const = 0;
  /// One outcome per mail, in order. No mail is begun after `until`, though one that was begun
  /// may end later. Never throws.
  virtual std::vector<MailOutcome> send(std::span<const message::Email> batch,
                                        domain::TimePoint until) = 0;
};

}  // namespace postrider::ports
