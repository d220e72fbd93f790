// The countries that wait because the carrier takes no SMS of this account there: no sender, no
// permission. Each country has one probe in a wait; the other messages to it wait, and nobody else.
// Thread-safe.
#pragma once

#include <map>
#include <string>

#include "concurrency/mutex.hpp"
#include "domain/limits/circuit_breaker.hpp"
#include "domain/time.hpp"

namespace postrider::pipeline {

class CountryHolds {
 public:
  static constexpr auto wait = domain::CircuitBreaker::account_wait;

  /// True where this is news: the country was not held before.
  bool hold(const std::string& country, domain::TimePoint now) {
    const concurrency::Lock lock{mutex_};
    return until_.insert_or_assign(country, now + wait).second;
  }
  /// The wait of a message to `country`; 0 where it may go, then as the probe of a held country.
  domain::Milliseconds wait_of(const std::string& country, domain::TimePoint now) {
    const concurrency::Lock lock{mutex_};
    const auto found = until_.find(country);
    if (found == until_.end()) return domain::Milliseconds{0};
    if (now < found->second) return found->second - now;
    found->second = now + wait;
    return domain::Milliseconds{0};
  }
  /// A probe said nothing of its country: the next message is one.
  void give_back(const std::string& country, domain::TimePoint now) {
    const concurrency::Lock lock{mutex_};
    if (const auto found = until_.find(country); found != until_.end()) found->second = now;
  }
  /// The carrier took a message to `country`. True where it was held.
  bool release(const std::string& country) {
    const concurrency::Lock lock{mutex_};
    return until_.erase(country) > 0;
  }
  bool any() const {
    const concurrency::Lock lock{mutex_};
    return !until_.empty();
  }

 private:
  mutable concurrency::Mutex mutex_;
  std::map<std::string, domain::TimePoint> until_ GUARDED_BY(mutex_);
};

}  // namespace postrider::pipeline
