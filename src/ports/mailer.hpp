// A mailer: hands e-mail to a mail server, at least once: a mail of doubtful outcome is sent again.
// A failure of the server does not count as an attempt. Thread-safe.
#pragma once

#include <functional>
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
/// The time given for the batch was over before this mail, or the server failed at one before it.
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

  /// True where the answer to one mail may take minutes, so that callers need send_or_wait().
  virtual bool may_wait() const { return false; }
  /// A function that gets the outcomes of the mails before the one that waits.
  using Waits = std::function<void(std::span<const MailOutcome> ended)>;
  /// As send(), but where the answer to a mail is still awaited after `until`, `waits` is called,
  /// once, on this thread: no mail behind that one will be begun. It must not throw.
  virtual std::vector<MailOutcome> send_or_wait(std::span<const message::Email> batch,
                                                domain::TimePoint until, const Waits& /*waits*/) {
    return send(batch, until);
  }
  /// Begins no further mail, for good, and ends the waits for answers within seconds: a mail that
  /// the server may have taken is of unknown outcome then.
  virtual void stop() {}
};

}  // namespace postrider::ports
