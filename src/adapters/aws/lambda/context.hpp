// What a function is given beside its event.
#pragma once

#include <functional>

#include "adapters/aws/lambda/events.hpp"
#include "adapters/aws/lambda/time_limit.hpp"
#include "ports/telemetry.hpp"

namespace postrider::adapters::aws::lambda {

struct Context {
  ports::Telemetry& telemetry;
  TimeLimit limit;
  /// Told of each record that can't be read, each time that it comes.
  std::function<void(const SqsRecord&, const message::FieldError&)> unreadable;

  /// So many records were left.
  void report_out_of_time(std::size_t left) const {
    if (left > 0 && limit.over())
      telemetry.log(ports::Level::warning, "out_of_time",
                    {{ports::Field::count, static_cast<std::int64_t>(left)}});
  }
};

}  // namespace postrider::adapters::aws::lambda
