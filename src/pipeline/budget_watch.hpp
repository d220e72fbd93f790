// Raises an alarm when most of a month's money is spent or reserved, and when all of it is. For one
// thread.
#pragma once

#include "domain/policy.hpp"
#include "ports/allowance.hpp"
#include "ports/telemetry.hpp"

namespace postrider::pipeline {

class BudgetWatch {
 public:
  BudgetWatch(ports::Allowance& allowance, ports::Telemetry& telemetry, domain::Money monthly)
      : allowance_{allowance}, telemetry_{telemetry}, monthly_{monthly} {}

  /// Tells of each threshold once a month (and again after a restart): "budget_80_percent" and
  /// "budget_used_up"; counts under the same names at each look, so that an alarm lasts as long as
  /// its cause. That a message no longer fits, the sender tells ("monthly_limit_reached").
  domain::Result<domain::Done> look(domain::TimePoint now);

 private:
  ports::Allowance& allowance_;
  ports::Telemetry& telemetry_;
  domain::Money monthly_;
  int month_ = 0;
  int told_ = 0;  // percent, in `month_`
};

}  // namespace postrider::pipeline
