// The watch over a month's money: raises an alarm when 80 percent of the limit is spent or
// reserved, and when all of it is. For one thread.
#pragma once

#include "domain/policy.hpp"
#include "ports/allowance.hpp"
#include "ports/telemetry.hpp"

namespace postrider::pipeline {

class BudgetWatch {
 public:
  /// `monthly`: the limit; 0: no limit, no alarm.
  BudgetWatch(ports::Allowance& allowance, ports::Telemetry& telemetry, domain::Money monthly)
      : allowance_{allowance}, telemetry_{telemetry}, monthly_{monthly} {}

  /// Logs each threshold once a month (and again after a restart): "budget_80_percent" and
  /// "budget_used_up". Counts under the same names at each call, so that an alarm lasts as long as
  /// its cause. A single message that no longer fits is reported by claim_alarms.hpp. An Error: the
  /// budget could not be read.
  domain::Result<domain::Done> look(domain::TimePoint now);

 private:
  ports::Allowance& allowance_;
  ports::Telemetry& telemetry_;
  domain::Money monthly_;
  int month_ = 0;
  int reported_ = 0;  // percent: the highest threshold logged in `month_`
};

}  // namespace postrider::pipeline
