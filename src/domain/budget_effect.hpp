// What a change of a notification does to the money of its day: the sums of the budget move by the
// effect, the notification's own amounts become what stands here. Pure.
#pragma once

#include "domain/change.hpp"
#include "domain/policy.hpp"
#include "domain/reason.hpp"

namespace postrider::domain {

/// Changes of the sums of one day; either may be negative. Day 0: no money is concerned.
struct BudgetEffect {
  int day = 0;
  Money reserved, spent;

  Money used() const { return reserved + spent; }
  bool none() const { return day == 0 || (reserved == Money{} && spent == Money{}); }
};

/// A release gives back what was reserved and what was taken as spent; a spending replaces both by
/// the price.
BudgetEffect budget_effect(const Change& change);

/// Of a notification that is deleted: money whose fate was never told is taken as spent, so that
/// the budget still adds up.
BudgetEffect budget_effect_of_expiry(int budget_day, Money reserved);

/// A notification's own money.
struct Purse {
  Money reserved, spent;
  int budget_day = 0;
};
Purse purse_after(const Change& change);

/// Spent and reserved so far, in a month and in a day of it.
struct MoneyUsed {
  Money month, day;
};

/// Why `amount` more would pass a limit (`no_money`, `no_money_today`); `none` where it fits.
Reason over_limit(const MoneyUsed& used, Money amount, const Limits& limits);

}  // namespace postrider::domain
