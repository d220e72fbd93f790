// Money: one item a month with what is spent and reserved, and what each of its days used. Thread-
// safe, and safe between machines: every change is one conditional update of that item.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "adapters/aws/dynamodb/database.hpp"
#include "domain/policy.hpp"
#include "ports/allowance.hpp"

namespace postrider::adapters::aws::dynamodb {

enum class Verdict : std::uint8_t { reserved, over_month, over_day };

/// Money taken for a batch of claims before they are made. Open until closed: if the worker dies
/// between, the item still says what it held and for whom.
struct Reservation {
  std::string id;  // empty: there was nothing to reserve
  int day = 0;
  domain::Money amount;
  std::vector<Verdict> verdicts;  // one a wish
};

/// One that its worker left behind.
struct OpenReservation {
  Reservation reservation;
  std::vector<std::string> holders;  // the notifications that money was reserved for
};

struct Settlement {
  domain::Money reserved, spent;  // changes; may be negative
};

class Budget {
 public:
  explicit Budget(Database& database) : database_{database} {}

  /// Takes what fits below the limits, in order. `holders` are the ids of the notifications.
  domain::Result<Reservation> reserve(int day, std::span<const domain::Money> wishes,
                                      std::span<const std::string> holders,
                                      const domain::Limits& limits);
  /// The claims are made; `unused` of the reservation goes back.
  domain::Result<domain::Done> close(const Reservation& reservation, domain::Money unused);

  /// Those of the month that were opened before this.
  domain::Result<std::vector<OpenReservation>> left_open(int month, domain::TimePoint before);

  /// By day. An error leaves more counted as used than is, never less.
  domain::Result<domain::Done> settle(const std::map<int, Settlement>& by_day);

  domain::Result<ports::BudgetStatus> status(int month);

 private:
  domain::Result<Item> read(int month);

  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
