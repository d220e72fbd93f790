// The circuit breaker of one provider, shared by all workers of a process: the number of messages
// that may go now, and the wait of a message that the provider could not take. Logs each change.
// Thread-safe. For the hold that all processes share see ports/line_hold.hpp.
#pragma once

#include <optional>
#include <string>

#include "concurrency/mutex.hpp"
#include "domain/delivery/decide.hpp"
#include "domain/limits/circuit_breaker.hpp"
#include "ports/telemetry.hpp"

namespace postrider::pipeline {

class ProviderBreaker {
 public:
  /// `name`: the provider in the log, "sms" or "email". A probe goes out at least each
  /// `longest_wait`, or each `longest_costly_wait` where its end was unknown: such a probe may cost
  /// its message.
  ProviderBreaker(std::string name, domain::Milliseconds longest_wait, ports::Telemetry& telemetry)
      : name_{std::move(name)}, longest_wait_{longest_wait}, telemetry_{telemetry} {}
  static constexpr domain::Milliseconds longest_costly_wait = std::chrono::minutes{5};

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
  /// A message ended without a definite answer. Returns the wait where that closes the breaker: it
  /// is one of `run` such ends in a row, or the provider asks for a wait.
  std::optional<domain::Milliseconds> unknown(domain::TimePoint now,
                                              domain::Milliseconds retry_after, std::string code,
                                              int run);
  /// The provider gave a definite answer to a message.
  void succeed(domain::TimePoint now);

  /// A code for why it blocks; empty while messages may go.
  std::string code() const;

 private:
  void log_change(ports::Level level, std::string_view event, std::string_view code);
  domain::Milliseconds close(domain::TimePoint now, domain::Milliseconds retry_after,
                             domain::Milliseconds longest_wait, const std::string& code)
      REQUIRES(mutex_);

  std::string name_;
  domain::Milliseconds longest_wait_;
  ports::Telemetry& telemetry_;
  mutable concurrency::Mutex mutex_;
  domain::CircuitBreaker breaker_ GUARDED_BY(mutex_);
  std::string code_ GUARDED_BY(mutex_);  // of the last failure
};

}  // namespace postrider::pipeline
