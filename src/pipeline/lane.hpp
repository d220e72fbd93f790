// A lane: the provider of one mode, live or test, with its circuit breaker. Thread-safe as far as
// the provider is. Stages ask for the lane of a notification and need not know its mode.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "domain/notification.hpp"
#include "pipeline/provider_breaker.hpp"

namespace postrider::pipeline {

/// `Provider`: ports::SmsCarrier or ports::Mailer.
template <class Provider>
class Lane {
 public:
  /// The lane to a real provider. For `name` and `longest_wait` see ProviderBreaker.
  Lane(Provider& to, std::string name, domain::Milliseconds longest_wait,
       ports::Telemetry& telemetry)
      : provider{to} {
    breaker_.emplace(std::move(name), longest_wait, telemetry);
  }
  /// The lane to a simulated provider, which reaches nobody: its answers block no message.
  explicit Lane(Provider& simulated) : provider{simulated} {}

  /// False for a simulated provider.
  bool reaches_people() const { return breaker_.has_value(); }

  // As the calls of ProviderBreaker; a simulated provider is never blocked.
  ProviderBreaker::Width width(domain::TimePoint now, int batch) const {
    return breaker_ ? breaker_->width(now, batch) : ProviderBreaker::Width{batch, {}};
  }
  domain::ProviderUnavailable fail(domain::TimePoint now, domain::Milliseconds retry_after,
                                   std::string code) {
    if (breaker_) return breaker_->fail(now, retry_after, std::move(code));
    return {std::max(retry_after, domain::CircuitBreaker::first_wait), std::move(code)};
  }
  std::optional<domain::Milliseconds> unknown(domain::TimePoint now,
                                              domain::Milliseconds retry_after, std::string code,
                                              int run) {
    return breaker_ ? breaker_->unknown(now, retry_after, std::move(code), run) : std::nullopt;
  }
  void succeed(domain::TimePoint now) {
    if (breaker_) breaker_->succeed(now);
  }
  /// A code for why the breaker blocks; empty while messages may go.
  std::string breaker_code() const { return breaker_ ? breaker_->code() : std::string{}; }

  Provider& provider;

 private:
  std::optional<ProviderBreaker> breaker_;
};

/// Both lanes of a channel.
template <class Provider>
class Lanes {
 public:
  Lanes(Provider& to_people, Provider& simulated, std::string name,
        domain::Milliseconds longest_wait, ports::Telemetry& telemetry)
      : live{to_people, std::move(name), longest_wait, telemetry}, test{simulated} {}

  /// The lane of a notification, by its mode.
  Lane<Provider>& of(const domain::Notification& n) {
    return n.mode == domain::Mode::live ? live : test;
  }
  std::array<Lane<Provider>*, 2> all() { return {&live, &test}; }

  Lane<Provider> live, test;
};

}  // namespace postrider::pipeline
