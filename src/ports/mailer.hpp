// Hands e-mail to a mail server. At least once: a doubtful outcome is `MailDeferred`, and is tried
// again.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "message/email.hpp"

namespace postrider::ports {

struct MailAccepted {
  std::string message_id;
};
struct MailRejected {  // for good: a 5yz answer, an address that can't be
  std::string code;
};
struct MailDeferred {  // 4yz, no connection, dropped after DATA
  std::string code;
};
using MailOutcome = std::variant<MailAccepted, MailRejected, MailDeferred>;

class Mailer {
 public:
  virtual ~Mailer() = default;
  virtual std::string name() const = 0;
  /// One outcome per mail, in order. Never throws.
  virtual std::vector<MailOutcome> send(std::span<const message::Email> batch) = 0;
};

}  // namespace postrider::ports
