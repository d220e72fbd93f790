// Keeps an alarm from being told for each message: at most once a minute. Thread-safe.
#pragma once

#include <atomic>

#include "domain/time.hpp"

namespace postrider::pipeline {

class AlarmGate {
 public:
  /// True where it is time to tell again; who gets it must tell.
  bool opens(domain::TimePoint now) {
    auto told = told_.load();
    return now - told >= interval && told_.compare_exchange_strong(told, now);
  }

 private:
  static constexpr domain::Milliseconds interval{60'000};
  std::atomic<domain::TimePoint> told_{domain::TimePoint{}};
};

}  // namespace postrider::pipeline
