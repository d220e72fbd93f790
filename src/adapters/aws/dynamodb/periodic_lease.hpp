// What one worker of a stack does once in a while. Thread-safe, and safe between machines.
#pragma once

#include <string>

#include "adapters/aws/dynamodb/database/database.hpp"

namespace postrider::adapters::aws::dynamodb {

class PeriodicLease {
 public:
  PeriodicLease(Database& database, const std::string& what, domain::Milliseconds every);

  /// True where it is due: it is this worker's now, and nobody's again before `every` has passed.
  domain::Result<bool> take();
  /// It failed: due again after this time. Where this fails too it is due after `every`.
  void again_in(domain::Milliseconds wait);

 private:
  Database& database_;
  Json key_;
  domain::Milliseconds every_;
};

}  // namespace postrider::adapters::aws::dynamodb
