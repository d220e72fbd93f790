// The circuit breaker of one provider, shared by all workers of a process: the number of messages
// that may go now, and the wait of a message that the provider could not take. Logs each change.
// Thread-safe. For the breaker that all processes share see ports/shared_breaker.hpp.
#pragma once

#include <string>

#include "concurrency/mutex.hpp"
#include "domain/delivery/decide.hpp"
#include "domain/limits/circuit_breaker.hpp"
#include "ports/telemetry.hpp"

namespace postrider::pipeline {

class ProviderBreaker {
 public:
  /// `name`: the provider in the log, "sms" or "email". A probe goes out at least each
  /// `longest_wait`.
  ProviderBreaker(std::string name, domain::Milliseconds longest_wait, ports::Telemetry& telemetry)
      : name_{std::move(name)}, telemetry_{telemetry} {
    breaker_.longest_wait = longest_wait;
  }

  /// The number of messages that may go.
  struct Width {
    int messages = 0;              // 0: blocked
    domain::Milliseconds wait{0};  // until a message may go
    bool probe = false;            // nothing else may be under way beside it
  };
  /// The number of `batch` messages that may be sent at `now`: none while blocked, one as a probe,
  /// then all.
  Width width(domain::TimePoint now, int batch) const;

  /// The provider could not be reached or refuses all messages. `retry_after`: the wait that the
  /// provider asks for (0: none). Returns the input for the message that met the failure.
  domain::ProviderUnavailable fail(domain::TimePoint now, domain::Milliseconds retry_after,
                                   std::string code);
  /// The account is the problem: one probe every `CircuitBreaker::account_wait`. Returns the input
  /// for the message that met it.
  domain::ProviderUnavailable hold(domain::TimePoint now, std::string code);
  /// A message got through.
  void succeed(domain::TimePoint now);

  /// A code for why it blocks; empty while messages may go.
  std::string code() const;

 private:
  void log_change(ports::Level level, std::string_view event, std::string_view code);

  std::string name_;
  ports::Telemetry& telemetry_;
  mutable concurrency::Mutex mutex_;
  domain::CircuitBreaker breaker_ GUARDED_BY(mutex_);
  std::string code_ GUARDED_BY(mutex_);  // of the last failure
};

}  // namespace postrider::pipeline
