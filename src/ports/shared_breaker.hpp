// The line to a provider as all workers of a stack see it: held while the account is the problem,
// wherever that was learnt. One machine has one process and needs none. Thread-safe.
#pragma once

#include <string>

#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::ports {

class SharedBreaker {
 public:
  virtual ~SharedBreaker() = default;

  struct Look {
    bool held = false;
    /// The hold is over for this one caller, who may try one message: for everybody else it has
    /// just become longer.
    bool probe = false;
    domain::Milliseconds wait{0};  // while it is held
    std::string code;              // why it was
  };
  /// A probe is granted once in `probe_wait`.
  virtual domain::Result<Look> look(domain::TimePoint now, domain::Milliseconds probe_wait) = 0;
  virtual domain::Result<domain::Done> hold(domain::TimePoint until, const std::string& code) = 0;
  /// A message got through.
  virtual domain::Result<domain::Done> release() = 0;
};

}  // namespace postrider::ports
