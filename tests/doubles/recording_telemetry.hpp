// Telemetry that keeps all counts and log lines, for tests. Thread-safe.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "concurrency/mutex.hpp"
#include "ports/telemetry.hpp"

namespace postrider::doubles {

class RecordingTelemetry final : public ports::Telemetry {
 public:
  struct Line {
    ports::Level level;
    std::string event;
    std::map<ports::Field, std::string> fields;  // as text
  };

  void count(ports::Counter counter, std::int64_t n) override {
    const concurrency::Lock lock{mutex_};
    counts_[counter] += n;
  }

  void took(ports::Timing timing, domain::Milliseconds duration) override {
    const concurrency::Lock lock{mutex_};
    durations_[timing].push_back(duration);
  }

  void log(ports::Level level, std::string_view event,
           std::initializer_list<std::pair<ports::Field, ports::FieldValue>> fields) override {
    Line line{level, std::string{event}, {}};
    for (const auto& [field, value] : fields) line.fields[field] = text_of(value);
    const concurrency::Lock lock{mutex_};
    lines_.push_back(std::move(line));
  }

  std::int64_t counted(ports::Counter counter) const {
    const concurrency::Lock lock{mutex_};
    const auto found = counts_.find(counter);
    return found == counts_.end() ? 0 : found->second;
  }

  std::vector<domain::Milliseconds> durations(ports::Timing timing) const {
    const concurrency::Lock lock{mutex_};
    const auto found = durations_.find(timing);
    return found == durations_.end() ? std::vector<domain::Milliseconds>{} : found->second;
  }

  std::vector<Line> lines() const {
    const concurrency::Lock lock{mutex_};
    return lines_;
  }

  std::vector<Line> lines_of(std::string_view event) const {
    auto of_event = lines();
    std::erase_if(of_event, [&](const Line& line) { return line.event != event; });
    return of_event;
  }

  bool logged(std::string_view event) const { return !lines_of(event).empty(); }

 private:
  static std::string text_of(const ports::FieldValue& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return std::string{*text};
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    return domain::to_string(std::get<domain::NotificationId>(value));
  }

  mutable concurrency::Mutex mutex_;
  std::map<ports::Counter, std::int64_t> counts_ GUARDED_BY(mutex_);
  std::map<ports::Timing, std::vector<domain::Milliseconds>> durations_ GUARDED_BY(mutex_);
  std::vector<Line> lines_ GUARDED_BY(mutex_);
};

}  // namespace postrider::doubles
