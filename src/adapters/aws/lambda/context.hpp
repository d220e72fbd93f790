// The surroundings of a function's call, beside its event. For one invocation.
#pragma once

#include <functional>

#include "adapters/aws/lambda/events.hpp"
#include "adapters/aws/lambda/time_limit.hpp"
#include "ports/telemetry.hpp"

namespace postrider::adapters::aws::lambda {

struct Context {
  ports::Telemetry& telemetry;
  TimeLimit limit;
  /// Called for each record that can't be read, each time that it comes.
  std::function<void(const SqsRecord&, const message::FieldError&)> unreadable;

  /// Logs that the time was over before `unhandled` records.
  void report_out_of_time(std::size_t unhandled) const {
    if (unhandled > 0 && limit.over())
      telemetry.log(ports::Level::warning, "out_of_time",
                    {{ports::Field::count, static_cast<std::int64_t>(unhandled)}});
  }
};

}  // namespace postrider::adapters::aws::lambda
