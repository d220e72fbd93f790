// The alarms about SMS that the claim rules stopped: money used up, too many to one number, block
// or country. Counts each SMS, logs at most one line a minute. Thread-safe.
#pragma once

#include <span>

#include "domain/policy.hpp"
#include "pipeline/log_rate_limiter.hpp"
#include "ports/clock.hpp"
#include "ports/notification_store.hpp"
#include "ports/telemetry.hpp"

namespace postrider::pipeline {

class ClaimAlarms {
 public:
  ClaimAlarms(const ports::Clock& clock, ports::Telemetry& telemetry, domain::Limits limits)
      : clock_{clock}, telemetry_{telemetry}, limits_{limits} {}

  /// Reports the stopped SMS among the outcomes of one batch of claims.
  void report(std::span<const ports::ClaimOutcome> outcomes);

 private:
  void report_limit_reached(std::int64_t over, bool of_day_only);
  void report_velocity_reached(std::int64_t stopped, const ports::RuledOut& example);

  const ports::Clock& clock_;
  ports::Telemetry& telemetry_;
  const domain::Limits limits_;
  LogRateLimiter limit_log_, velocity_log_;
};

}  // namespace postrider::pipeline
