// A mutex, the lock that holds it and a condition variable, each a thin wrapper of the standard
// one that adds annotations and no cost. The standard library's have none, so that Clang could not
// check who holds them. The classes in src use these; see annotations.hpp.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "concurrency/annotations.hpp"

namespace postrider::concurrency {

/// Taken by a Lock only. The analysis knows the mutex by its place: what it guards is in the same
/// object.
class CAPABILITY("mutex") Mutex {
 private:
  friend class Lock;
  std::mutex mutex_;
};

/// Holds a mutex while it exists, except between unlock() and lock(). Belongs to one thread.
class SCOPED_CAPABILITY Lock {
 public:
  [[nodiscard]] explicit Lock(Mutex& mutex) ACQUIRE(mutex) : lock_{mutex.mutex_} {}
  ~Lock() RELEASE() {}
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  void unlock() RELEASE() { lock_.unlock(); }
  void lock() ACQUIRE() { lock_.lock(); }

 private:
  friend class ConditionVariable;
  std::unique_lock<std::mutex> lock_;
};

/// std::condition_variable for a Lock. std::condition_variable_any would take any lock, but has a
/// mutex of its own, which each wait and each notification would lock too. A predicate that reads
/// what the mutex guards says so: `[this]() REQUIRES(mutex_) { return stopping_; }`.
class ConditionVariable {
 public:
  void wait(Lock& lock) { condition_.wait(lock.lock_); }
  template <class Clock, class Duration>
  void wait_until(Lock& lock, const std::chrono::time_point<Clock, Duration>& time) {
    condition_.wait_until(lock.lock_, time);
  }
  /// False when `holds()` is not true after `duration`.
  template <class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& duration, Predicate holds) {
    return condition_.wait_for(lock.lock_, duration, std::move(holds));
  }

  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace postrider::concurrency
