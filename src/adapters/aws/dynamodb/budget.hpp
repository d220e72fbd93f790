// The budget on DynamoDB: one item a month with the money spent and reserved, and the money used by
// each of its days. Every change is one conditional update of that item. Thread-safe, and safe
// between machines.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/limits/budget_effect.hpp"
#include "ports/allowance.hpp"

namespace postrider::adapters::aws::dynamodb {

/// Money that one notification needs before it may be claimed.
struct Wish {
  std::string holder;  // the notification's id
  domain::Money amount;
  domain::Reason refused =
      domain::Reason::none;  // why reserve() refused it; `none`: it is reserved
};

/// Money taken for a batch of claims before they are made. Open until closed: if the worker dies
/// between, the item still has the amount and its holders.
struct Reservation {
  std::string id;  // empty: there was nothing to reserve
  int day = 0;
  domain::Money amount;
};

/// A reservation that its worker has not closed.
struct OpenReservation {
  Reservation reservation;
  std::vector<std::string> holders;  // the notifications of the reservation
};

class Budget {
 public:
  /// `database` outlives it.
  explicit Budget(Database& database) : database_{database} {}

  /// Reserves the wishes that fit below the limits, in order, and sets `refused` of the others.
  /// `day` is yyyymmdd. An Error: the reservation may be open; AbandonedReservations closes it.
  domain::Result<Reservation> reserve(int day, std::span<Wish> wishes,
                                      const domain::Limits& limits);
  /// Closes a reservation after its claims; `unused` goes back.
  domain::Result<domain::Done> close(const Reservation& reservation, domain::Money unused);

  /// The reservations of `month` (yyyymm) that were opened before `before` and are still open.
  domain::Result<std::vector<OpenReservation>> abandoned(int month, domain::TimePoint before);

  /// Applies effects, one a day. An Error leaves more counted as used than is, never less.
  domain::Result<domain::Done> settle(std::span<const domain::BudgetEffect> by_day);

  /// The money of `month` (yyyymm).
  domain::Result<ports::BudgetStatus> status(int month);

 private:
  domain::Result<Item> read(int month);

  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
