// A lane: the mailer of one mode, live or test, with its circuit breaker. Thread-safe as far as the
// mailer is. For the way to the SMS carrier, which more depends on, see sms_line.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/line/provider_breaker.hpp"
#include "ports/mailer.hpp"

namespace postrider::pipeline {

class Lane {
 public:
  /// The lane to a mail server. For `name` and `longest_wait` see ProviderBreaker.
  Lane(ports::Mailer& to, std::string name, domain::Milliseconds longest_wait,
       ports::Telemetry& telemetry)
      : provider{to} {
    breaker_.emplace(std::move(name), longest_wait, telemetry);
  }
  /// The lane to a simulated one, which reaches nobody: its answers block no message.
  explicit Lane(ports::Mailer& simulated) : provider{simulated} {}

  /// False for a simulated mailer.
  bool reaches_people() const { return breaker_.has_value(); }

  // As the calls of ProviderBreaker; a simulated mailer is never blocked.
  ProviderBreaker::Width width(domain::TimePoint now, int batch) const {
    return breaker_ ? breaker_->width(now, batch) : ProviderBreaker::Width{batch, {}};
  }
  domain::ProviderUnavailable fail(domain::TimePoint now, domain::Milliseconds retry_after,
                                   std::string code) {
    if (breaker_) return breaker_->fail(now, retry_after, std::move(code));
    return {std::max(retry_after, domain::CircuitBreaker::first_wait), std::move(code)};
  }
  void succeed(domain::TimePoint now) {
    if (breaker_) breaker_->succeed(now);
  }
  /// A code for why the breaker blocks; empty while messages may go.
  std::string breaker_code() const { return breaker_ ? breaker_->code() : std::string{}; }

  ports::Mailer& provider;

 private:
  std::optional<ProviderBreaker> breaker_;
};

/// Both lanes of e-mail.
class Lanes {
 public:
  Lanes(ports::Mailer& to_people, ports::Mailer& simulated, std::string name,
        domain::Milliseconds longest_wait, ports::Telemetry& telemetry)
      : live{to_people, std::move(name), longest_wait, telemetry}, test{simulated} {}

  std::array<Lane*, 2> all() { return {&live, &test}; }

  Lane live, test;
};

}  // namespace postrider::pipeline
