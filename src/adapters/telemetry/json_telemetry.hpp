// The telemetry of one machine: log lines as JSON objects to standard error or a file, and
// counters, histograms and gauges as Prometheus reads them. Thread-safe; the calling thread writes
// its line.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "concurrency/mutex.hpp"
#include "ports/clock.hpp"
#include "ports/telemetry.hpp"

namespace prometheus {
class Counter;
class Histogram;
class Registry;
}  // namespace prometheus
namespace spdlog {
class logger;
}

namespace postrider::adapters::telemetry {

/// One value at the moment of the scrape, for example {"notifications", "…", "state", "dead", 3}.
struct Gauge {
  std::string name;         // without "postrider_"; [a-z_]+
  std::string help;         // one sentence
  std::string label;        // empty: none
  std::string label_value;  // a code, never a personal value
  double value = 0;
};

struct LogSettings {
  std::string file;  // empty: standard error
  ports::Level min_level = ports::Level::info;
};

class JsonTelemetry final : public ports::Telemetry {
 public:
  /// `clock` must outlive this object. Throws spdlog::spdlog_ex when the file can't be opened.
  JsonTelemetry(const LogSettings& settings, const ports::Clock& clock);
  ~JsonTelemetry() override;

  void count(ports::Counter counter, std::int64_t n) override;
  void took(ports::Timing timing, domain::Milliseconds duration) override;
  void log(ports::Level level, std::string_view event,
           std::initializer_list<std::pair<ports::Field, ports::FieldValue>> fields) override;

  /// A source of gauges, called by metrics() on the thread that scrapes. It may block.
  using GaugeSource = std::function<std::vector<Gauge>()>;
  void add_gauges(GaugeSource source);

  /// All metrics in Prometheus's text exposition format, version 0.0.4: every counter and
  /// histogram, also those that are still 0, then the gauges.
  std::string metrics() const;

 private:
  const ports::Clock& clock_;
  std::shared_ptr<spdlog::logger> logger_;
  std::unique_ptr<prometheus::Registry> registry_;
  std::array<prometheus::Counter*, ports::counter_count> counters_{};
  std::array<prometheus::Histogram*, ports::timing_count> histograms_{};
  mutable concurrency::Mutex mutex_;
  std::vector<GaugeSource> sources_ GUARDED_BY(mutex_);
};

}  // namespace postrider::adapters::telemetry
