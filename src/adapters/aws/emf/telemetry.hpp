// Telemetry of a Lambda function: a JSON object a line, and what was counted as embedded metrics in
// one such line an invocation ("CloudWatch embedded metric format"): a PutMetricData call a message
// would cost more than all the rest. Counters, rates and latencies have no dimension, how long a
// function takes has Function. Thread-safe.
#pragma once

#include <array>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ports/clock.hpp"
#include "ports/telemetry.hpp"

namespace postrider::adapters::aws::emf {

class EmfTelemetry final : public ports::Telemetry {
 public:
  using Write = std::function<void(const std::string& line)>;

  /// `stack`: the metrics are below "SMSNotifications/<stack>". `write` gets whole
  /// lines without their end, one at a time.
  EmfTelemetry(const ports::Clock& clock, std::string stack, std::string function, Write write);

  void count(ports::Counter counter, std::int64_t n) override;
  void took(ports::Timing timing, domain::Milliseconds duration) override;
  void log(ports::Level level, std::string_view event,
           std::initializer_list<std::pair<ports::Field, ports::FieldValue>> fields) override;

  /// Counters that are written when nothing was counted, too: a zero that an alarm waits for.
  void write_zeros_of(std::initializer_list<ports::Counter> counters);

  /// The process is ready for its first invocation, `init` after it began.
  void started(std::string_view version, domain::Milliseconds init);

  /// At the end of an invocation: what was counted since the last time, and how long it took.
  void flush(domain::Milliseconds duration);

 private:
  void add_durations(class EmfLine& line);
  bool has_durations() const;

  const ports::Clock& clock_;
  const std::string stack_;
  const std::string function_;
  const Write write_;
  std::mutex mutex_;
  std::array<std::int64_t, ports::counter_count> counts_{};
  std::array<bool, ports::counter_count> zeros_{};                        // written too
  std::array<std::vector<std::int64_t>, ports::timing_count> durations_;  // milliseconds
  std::optional<domain::Milliseconds> init_;                              // until it is told
};

}  // namespace postrider::adapters::aws::emf
