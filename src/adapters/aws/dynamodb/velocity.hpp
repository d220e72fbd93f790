// How many SMS went to a number, a prefix and a country in the last hour. Off by default; then it
// asks nothing. Thread-safe.
#pragma once

#include <string>

#include "adapters/aws/dynamodb/database.hpp"
#include "domain/notification.hpp"
#include "ports/notification_store.hpp"

namespace postrider::adapters::aws::dynamodb {

class Velocity {
 public:
  explicit Velocity(Database& database) : database_{database} {}

  /// Counts one more to this number, unless that would be too many: the reason then, else empty.
  domain::Result<std::string> take(const domain::Notification& n, domain::TimePoint now,
                                   const ports::Velocity& limits);

 private:
  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
