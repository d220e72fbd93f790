// Reservations of money whose worker died before it claimed with them: releases the money.
// Thread-safe, and safe between machines.
#pragma once

#include "adapters/aws/dynamodb/budget.hpp"

namespace postrider::adapters::aws::dynamodb {

class AbandonedReservations {
 public:
  /// `database` outlives it.
  explicit AbandonedReservations(Database& database) : database_{database}, budget_{database} {}

  /// Closes the reservations of this month and the last that no worker can still be claiming with,
  /// and returns their number. A notification lists the reservations of its claims; money whose
  /// notification no longer shows that counts as claimed.
  domain::Result<int> release();

 private:
  domain::Result<domain::Money> unclaimed(const OpenReservation& open);

  Database& database_;
  Budget budget_;
};

}  // namespace postrider::adapters::aws::dynamodb
