// The circuit breaker of a provider that all workers of a stack share: it holds while the account
// is the problem, whichever worker met that. One machine has one process and needs none.
// Thread-safe.
#pragma once

#include <string>

#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::ports {

class SharedBreaker {
 public:
  virtual ~SharedBreaker() = default;

  /// The breaker as one caller finds it.
  struct Look {
    bool held = false;
    /// The hold is over for this one caller, who may try one message; for everybody else the hold
    /// has just become longer.
    bool probe = false;
    domain::Milliseconds wait{0};  // while it is held
    std::string code;              // the problem of the account
  };
  /// Looks at the breaker; grants a probe once in `probe_wait`.
  virtual domain::Result<Look> look(domain::TimePoint now, domain::Milliseconds probe_wait) = 0;
  /// Holds all messages until `until`, because of `code`.
  virtual domain::Result<domain::Done> hold(domain::TimePoint until, const std::string& code) = 0;
  /// Ends the hold: a message got through.
  virtual domain::Result<domain::Done> release() = 0;
};

}  // namespace postrider::ports
