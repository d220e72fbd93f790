#include "domain/limits/budget_effect.hpp"

namespace postrider::domain {

BudgetEffect budget_effect(const Change& change) {
  if (change.money == MoneyEffect::keep || change.budget_day == 0) return {};
  const auto after = purse_after(change);
  return {change.budget_day, after.reserved - change.reserved, after.spent - change.charged};
}

BudgetEffect budget_effect_of_expiry(int budget_day, Money reserved) {
  if (budget_day == 0) return {};
  return {budget_day, Money{} - reserved, reserved};
}

Purse purse_after(const Change& change) {
  switch (change.money) {
    case MoneyEffect::keep: return {change.reserved, change.charged, change.budget_day};
    case MoneyEffect::release: return {};
    case MoneyEffect::spend: break;
  }
  return {Money{}, change.spent, change.budget_day};
}

Reason over_limit(const MoneyUsed& used, Money amount, const Limits& limits) {
  if (used.month + amount > limits.monthly) return Reason::no_money;
  if (limits.daily && used.day + amount > *limits.daily) return Reason::no_money_today;
  return Reason::none;
}

}  // namespace postrider::domain
