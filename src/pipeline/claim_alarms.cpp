#include "pipeline/claim_alarms.hpp"

namespace postrider::pipeline {

using domain::Reason;
using ports::Counter;
using ports::Field;

void ClaimAlarms::report(std::span<const ports::ClaimOutcome> outcomes) {
  std::int64_t over_month = 0, over_day = 0, over_velocity = 0;
  const ports::RuledOut* example = nullptr;
  for (const auto& outcome : outcomes) {
    const auto* out = std::get_if<ports::RuledOut>(&outcome);
    if (out == nullptr) continue;
    over_month += out->reason == Reason::no_money;
    over_day += out->reason == Reason::no_money_today;
    if (domain::class_of(out->reason) != domain::ReasonClass::abuse) continue;
    ++over_velocity;
    example = out;
  }
  if (over_month + over_day > 0) report_limit_reached(over_month + over_day, over_month == 0);
  if (example != nullptr) report_velocity_reached(over_velocity, *example);
}

void ClaimAlarms::report_limit_reached(std::int64_t over, bool of_day_only) {
  telemetry_.count(Counter::sms_over_limit, over);
  const auto now = clock_.now();
  if (!limit_log_.allow(now)) return;
  const auto limit = of_day_only ? limits_.daily.value_or(limits_.monthly) : limits_.monthly;
  telemetry_.log(
      ports::Level::error, of_day_only ? "daily_limit_reached" : "monthly_limit_reached",
      {{Field::month, std::int64_t{domain::month_of(now)}}, {Field::micros, limit.micros}});
}

void ClaimAlarms::report_velocity_reached(std::int64_t stopped, const ports::RuledOut& example) {
  telemetry_.count(Counter::sms_over_velocity, stopped);
  if (!velocity_log_.allow(clock_.now())) return;
  telemetry_.log(ports::Level::error, "velocity_limit_reached",
                 {{Field::code, domain::code(example.reason)},
                  {Field::country, example.notification.content.country}});
}

}  // namespace postrider::pipeline
