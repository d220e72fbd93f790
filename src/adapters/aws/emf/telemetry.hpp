// Telemetry of a Lambda function: log lines as JSON objects, and the counts of an invocation as one
// such line in CloudWatch's embedded metric format (a PutMetricData call a message would cost more
// than all the rest). Thread-safe. Counters, rates and latencies have no dimension, HandlingTime
// and cold starts have Function.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "concurrency/mutex.hpp"
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

  /// Has these counters written where nothing was counted, too: some alarms wait for a zero.
  void write_zeros_of(std::initializer_list<ports::Counter> counters);

  /// The process is ready for its first invocation, `init` after it began.
  void started(std::string_view version, domain::Milliseconds init);

  /// Writes the counts and durations since the last time, and the `duration` of the invocation that
  /// ends.
  void flush(domain::Milliseconds duration);

 private:
  void add_durations(class EmfLine& line) REQUIRES(mutex_);
  bool has_durations() const REQUIRES(mutex_);

  const ports::Clock& clock_;
  const std::string stack_;
  const std::string function_;
  concurrency::Mutex mutex_;
  const Write write_ GUARDED_BY(mutex_);
  std::array<std::int64_t, ports::counter_count> counts_ GUARDED_BY(mutex_){};
  std::array<bool, ports::counter_count> zeros_ GUARDED_BY(mutex_){};  // written where zero, too
  std::array<std::vector<std::int64_t>, ports::timing_count> durations_
      GUARDED_BY(mutex_);                                        // milliseconds
  std::optional<domain::Milliseconds> init_ GUARDED_BY(mutex_);  // until it is written
};

}  // namespace postrider::adapters::aws::emf
