// SharedBreaker in memory, for tests. Thread-safe.
#pragma once

#include <optional>

#include "concurrency/mutex.hpp"
#include "ports/shared_breaker.hpp"

namespace postrider::doubles {

class MemorySharedBreaker final : public ports::SharedBreaker {
 public:
  domain::Result<Look> look(domain::TimePoint now, domain::Milliseconds probe_wait) override {
    const concurrency::Lock lock{mutex_};
    if (!until_) return Look{};
    if (now < *until_) return Look{true, false, *until_ - now, code_};
    until_ = now + probe_wait;
    return Look{false, true, {}, code_};
  }
  domain::Result<domain::Done> hold(domain::TimePoint until, const std::string& code) override {
    const concurrency::Lock lock{mutex_};
    until_ = until;
    code_ = code;
    return domain::Done{};
  }
  domain::Result<domain::Done> release() override {
    const concurrency::Lock lock{mutex_};
    until_.reset();
    return domain::Done{};
  }

 private:
  concurrency::Mutex mutex_;
  std::optional<domain::TimePoint> until_ GUARDED_BY(mutex_);
  std::string code_ GUARDED_BY(mutex_);
};

}  // namespace postrider::doubles
