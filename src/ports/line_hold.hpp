// The hold of the SMS line that all processes of a shop share: nobody sends while the account is
// the problem, whichever process met that, but for one probe from time to time. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "domain/notification_id.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::ports {

class LineHold {
 public:
  virtual ~LineHold() = default;

  /// Why the line is held, and the wait before each probe.
  struct Cause {
    std::string code;
    domain::Milliseconds wait{0};
    /// Only a receipt tells of the problem, and only a receipt of a message that was sent since
    /// ends the hold: the carrier takes messages all the same, and they are lost.
    bool by_receipt = false;
  };
  /// The hold as one caller finds it.
  struct Look {
    bool held = false;
    /// The caller may send one message; everybody else has to wait once more.
    bool probe = false;
    domain::TimePoint until{};  // the next probe
    Cause cause;
    std::optional<domain::NotificationId> awaited;  // the probe whose receipt will decide
  };
  /// Looks at the hold; grants a probe once in the wait of its cause.
  virtual domain::Result<Look> look(domain::TimePoint now) = 0;
  /// Holds the line from `now` on. An earlier hold that lasts longer stays as it is, and one that
  /// only a receipt ends stays such a one.
  virtual domain::Result<domain::Done> hold(domain::TimePoint now, const Cause& cause) = 0;
  /// The probe that was granted until `granted` was not sent: the next look grants one again.
  virtual domain::Result<domain::Done> give_back(domain::TimePoint now,
                                                 domain::TimePoint granted) = 0;
  /// The probe was sent; its receipt decides.
  virtual domain::Result<domain::Done> await_receipt(const domain::NotificationId& probe) = 0;
  /// Ends the hold.
  virtual domain::Result<domain::Done> release() = 0;
};

}  // namespace postrider::ports
