// A telemetry that counts nothing and logs nothing, for commands, which print their results
// themselves. Thread-safe.
#pragma once

#include "ports/telemetry.hpp"

namespace postrider::programs {

class NoTelemetry final : public ports::Telemetry {
 public:
  void count(ports::Counter, std::int64_t) override {}
  void took(ports::Timing, domain::Milliseconds) override {}
  void log(ports::Level, std::string_view,
           std::initializer_list<std::pair<ports::Field, ports::FieldValue>>) override {}
};

}  // namespace postrider::programs
