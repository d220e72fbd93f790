// The circuit breaker of one provider, shared by all workers of a process that send to it: how many
// messages may go now, and what a refusal of the provider means for the message that met it. Logs
// each change. Thread-safe. For the one that all processes share see ports/shared_breaker.hpp.
#pragma once

#include <mutex>
#include <string>

#include "domain/circuit_breaker.hpp"
#include "domain/decide.hpp"
#include "ports/telemetry.hpp"

namespace postrider::pipeline {

class ProviderBreaker {
 public:
  /// `name` is the provider's in the log: "sms", "email". A probe goes out at least each
  /// `longest_wait`.
  ProviderBreaker(std::string name, domain::Milliseconds longest_wait, ports::Telemetry& telemetry)
      : name_{std::move(name)}, telemetry_{telemetry} {
    breaker_.longest_wait = longest_wait;
  }

  struct Width {
    int messages = 0;              // 0: blocked
    domain::Milliseconds wait{0};  // until a message may go
  };
  /// How many of `batch` may be sent at `now`: none while blocked, one as a probe, then all.
  Width width(domain::TimePoint now, int batch) const;

  /// The provider could not be reached or refused everything; `asked` is the wait that it wishes
  /// itself (0: none). Returns what happened to the message that met it.
  domain::ProviderUnavailable fail(domain::TimePoint now, domain::Milliseconds asked,
                                   std::string code);
  /// The account is the problem: one probe every `CircuitBreaker::account_wait`.
  domain::ProviderUnavailable hold(domain::TimePoint now, std::string code);
  void succeed(domain::TimePoint now);

  /// A code for why it blocks; empty while messages may go.
  std::string code() const;

 private:
  void log_change(ports::Level level, std::string_view event, std::string_view code);

  std::string name_;
  ports::Telemetry& telemetry_;
  mutable std::mutex mutex_;
  domain::CircuitBreaker breaker_;
  std::string code_;  // of the last failure
};

}  // namespace postrider::pipeline
