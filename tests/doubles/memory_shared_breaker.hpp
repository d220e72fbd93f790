// SharedBreaker in memory, for tests. Thread-safe.
#pragma once

#include <mutex>
#include <optional>

#include "ports/shared_breaker.hpp"

namespace postrider::doubles {

class MemorySharedBreaker final : public ports::SharedBreaker {
 public:
  domain::Result<Look> look(domain::TimePoint now, domain::Milliseconds probe_wait) override {
    const std::lock_guard lock{mutex_};
    if (!until_) return Look{};
    if (now < *until_) return Look{true, false, *until_ - now, code_};
    until_ = now + probe_wait;
    return Look{false, true, {}, code_};
  }
  domain::Result<domain::Done> hold(domain::TimePoint until, const std::string& code) override {
    const std::lock_guard lock{mutex_};
    until_ = until;
    code_ = code;
    return domain::Done{};
  }
  domain::Result<domain::Done> release() override {
    const std::lock_guard lock{mutex_};
    until_.reset();
    return domain::Done{};
  }

 private:
  std::mutex mutex_;
  std::optional<domain::TimePoint> until_;
  std::string code_;
};

}  // namespace postrider::doubles
