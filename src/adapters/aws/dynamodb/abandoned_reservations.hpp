// Money that workers reserved and did not claim with, because they died between: it comes back.
// Thread-safe.
#pragma once

#include "adapters/aws/dynamodb/budget.hpp"

namespace postrider::adapters::aws::dynamodb {

class AbandonedReservations {
 public:
  explicit AbandonedReservations(Database& database) : database_{database}, budget_{database} {}

  /// Closes those of this month and the last that no worker can still be at. A notification says by
  /// which reservations it was claimed; what can't be told apart any more counts as claimed.
  /// Returns how many were closed.
  domain::Result<int> release();

 private:
  domain::Result<domain::Money> unclaimed(const OpenReservation& open);

  Database& database_;
  Budget budget_;
};

}  // namespace postrider::adapters::aws::dynamodb
