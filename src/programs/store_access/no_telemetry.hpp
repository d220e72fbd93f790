// For a command that says itself what it did: it counts nothing and writes no log.
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
