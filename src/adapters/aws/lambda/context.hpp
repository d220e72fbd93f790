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
};

}  // namespace postrider::adapters::aws::lambda
