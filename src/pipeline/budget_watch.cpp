#include "pipeline/budget_watch.hpp"

namespace postrider::pipeline {

using ports::Field;

domain::Result<domain::Done> BudgetWatch::look(domain::TimePoint now) {
  const int month = domain::month_of(now);
  if (month != month_) {
    month_ = month;
    reported_ = 0;
  }
  if (monthly_ == domain::Money{}) return domain::Done{};
  const auto budget = allowance_.budget(month);
  if (!budget) return budget.error();
  const auto used = budget->spent + budget->reserved;
  const bool used_up = used >= monthly_;
  const bool nearly_used_up = used.micros >= monthly_.micros / 5 * 4;
  const int reached = used_up ? 100 : nearly_used_up ? 80 : 0;
  if (reached >= 80) telemetry_.count(ports::Counter::budget_80_percent, 1);
  if (reached == 100) telemetry_.count(ports::Counter::budget_used_up, 1);
  if (reached <= reported_) return domain::Done{};
  reported_ = reached;
  telemetry_.log(used_up ? ports::Level::error : ports::Level::warning,
                 used_up ? "budget_used_up" : "budget_80_percent",
                 {{Field::month, std::int64_t{month}}, {Field::micros, used.micros}});
  return domain::Done{};
}

}  // namespace postrider::pipeline
