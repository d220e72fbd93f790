// Keys that are remembered for an hour, in memory only and at most ten thousand. Thread-safe.
// Beyond that number the oldest key is forgotten: it is then looked at sooner, which does no harm.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>

#include "concurrency/mutex.hpp"

namespace postrider::adapters::sqlite {

template <class Key>
class HourlySet {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::hours hour{1};
  static constexpr std::size_t max_keys = 10'000;

  /// Remembers `key` for an hour from `now`; false: it was remembered already.
  bool add(const Key& key, Time now) EXCLUDES(mutex_) {
    const concurrency::Lock lock{mutex_};
    const auto [found, fresh] = since_.try_emplace(key, now);
    if (!fresh && now - found->second < hour) return false;
    found->second = now;
    if (since_.size() > max_keys) shorten(now);
    return true;
  }

  bool contains(const Key& key, Time now) const EXCLUDES(mutex_) {
    const concurrency::Lock lock{mutex_};
    const auto found = since_.find(key);
    return found != since_.end() && now - found->second < hour;
  }

  /// The number of keys, some of them perhaps older than an hour.
  std::size_t size() const EXCLUDES(mutex_) {
    const concurrency::Lock lock{mutex_};
    return since_.size();
  }

 private:
  void shorten(Time now) REQUIRES(mutex_) {
    std::erase_if(since_, [now](const auto& one) { return now - one.second >= hour; });
    if (since_.size() <= max_keys) return;
    since_.erase(std::min_element(since_.begin(), since_.end(), [](const auto& a, const auto& b) {
      return a.second < b.second;
    }));
  }

  mutable concurrency::Mutex mutex_;
  std::map<Key, Time> since_ GUARDED_BY(mutex_);
};

}  // namespace postrider::adapters::sqlite
