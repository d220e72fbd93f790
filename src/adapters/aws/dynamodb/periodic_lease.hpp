// The lease of a periodic task: one worker of a stack takes it once in each period. Thread-safe,
// and safe between machines.
#pragma once

#include <string>

#include "adapters/aws/dynamodb/database/database.hpp"

namespace postrider::adapters::aws::dynamodb {

class PeriodicLease {
 public:
  /// `database` outlives it. `task` names the lease in the guard table; `every`: the period.
  PeriodicLease(Database& database, const std::string& task, domain::Milliseconds every);

  /// True where the task is due: this worker has the lease, and no other one before `every` has
  /// passed.
  domain::Result<bool> take();
  /// The task failed: it is due again after `wait`. Where this write fails too, after `every`.
  void again_in(domain::Milliseconds wait);

 private:
  Database& database_;
  Json key_;
  domain::Milliseconds every_;
};

}  // namespace postrider::adapters::aws::dynamodb
