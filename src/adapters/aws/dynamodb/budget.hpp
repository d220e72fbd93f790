// The budget on DynamoDB: one item a month with what is spent and reserved, and what each of its
// days used. Every change is one conditional update of that item. Thread-safe, and safe between
// machines.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/budget_effect.hpp"
#include "ports/allowance.hpp"

namespace postrider::adapters::aws::dynamodb {

/// Money that one notification needs before it may be claimed.
struct Wish {
  std::string holder;  // the notification's id
  domain::Money amount;
  domain::Reason refused = domain::Reason::none;  // reserve() says why; `none`: it is reserved
};

/// Money taken for a batch of claims before they are made. Open until closed: if the worker dies
/// between, the item still says what it held and for whom.
struct Reservation {
  std::string id;  // empty: there was nothing to reserve
  int day = 0;
  domain::Money amount;
};

/// One that its worker left behind.
struct OpenReservation {
  Reservation reservation;
  std::vector<std::string> holders;  // the notifications that money was reserved for
};

class Budget {
 public:
  explicit Budget(Database& database) : database_{database} {}

  /// Takes what fits below the limits, in order, and sets `refused` of the others.
  domain::Result<Reservation> reserve(int day, std::span<Wish> wishes,
                                      const domain::Limits& limits);
  /// The claims are made; `unused` of the reservation goes back.
  domain::Result<domain::Done> close(const Reservation& reservation, domain::Money unused);

  /// Reservations of the month that were opened before this and are still open.
  domain::Result<std::vector<OpenReservation>> abandoned(int month, domain::TimePoint before);

  /// Applies one effect a day. An Error leaves more counted as used than is, never less.
  domain::Result<domain::Done> settle(std::span<const domain::BudgetEffect> by_day);

  domain::Result<ports::BudgetStatus> status(int month);

 private:
  domain::Result<Item> read(int month);

  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
