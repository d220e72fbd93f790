// The effect of a change of a notification on the money of its day: the sums of the budget move by
// the effect, and the notification's own amounts become those of purse_after(). Pure.
#pragma once

#include "domain/delivery/change.hpp"
#include "domain/policy.hpp"
#include "domain/reason.hpp"

namespace postrider::domain {

/// Differences to the sums of one day (yyyymmdd); either may be negative. Day 0: no money moves.
struct BudgetEffect {
  int day = 0;
  Money reserved, spent;

  Money used() const { return reserved + spent; }
  bool none() const { return day == 0 || (reserved == Money{} && spent == Money{}); }
};

/// The effect of `change`. A release gives back what the notification reserved and what was charged
/// for it; a spending replaces both by the price.
BudgetEffect budget_effect(const Change& change);

/// The effect of deleting a notification: a reservation whose SMS got no receipt counts as spent,
/// so that the budget still adds up. `budget_day` is yyyymmdd; 0: no effect.
BudgetEffect budget_effect_of_expiry(int budget_day, Money reserved);

/// A notification's own money.
struct Purse {
  Money reserved, spent;
  int budget_day = 0;
};
/// The notification's money after `change`.
Purse purse_after(const Change& change);

/// Money spent and reserved so far, in a month and in a day of it.
struct MoneyUsed {
  Money month, day;
};

/// The limit that `amount` more would pass (`no_money`, `no_money_today`); `none` where it fits.
Reason over_limit(const MoneyUsed& used, Money amount, const Limits& limits);

}  // namespace postrider::domain
