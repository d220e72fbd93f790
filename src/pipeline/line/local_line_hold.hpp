// The hold of the SMS line where one process sends: in its memory. Thread-safe.
#pragma once

#include <optional>

#include "concurrency/mutex.hpp"
#include "ports/line_hold.hpp"

namespace postrider::pipeline {

class LocalLineHold final : public ports::LineHold {
 public:
  domain::Result<Look> look(domain::TimePoint now) override {
    const concurrency::Lock lock{mutex_};
    if (!hold_) return Look{};
    Look look = *hold_;
    look.held = now < hold_->until;
    look.probe = !look.held;
    if (look.probe) look.until = hold_->until = now + hold_->cause.wait;
    return look;
  }
  domain::Result<domain::Done> hold(domain::TimePoint now, const Cause& cause) override {
    const concurrency::Lock lock{mutex_};
    const auto until = now + cause.wait;
    if (hold_ && hold_->until > until) return domain::Done{};
    const bool by_receipt = cause.by_receipt || (hold_ && hold_->cause.by_receipt);
    hold_ = Look{true, false, until, cause, std::nullopt};
    hold_->cause.by_receipt = by_receipt;
    return domain::Done{};
  }
  domain::Result<domain::Done> give_back(domain::TimePoint now,
                                         domain::TimePoint granted) override {
    const concurrency::Lock lock{mutex_};
    if (hold_ && hold_->until == granted) hold_->until = now;
    return domain::Done{};
  }
  domain::Result<domain::Done> await_receipt(const domain::NotificationId& probe) override {
    const concurrency::Lock lock{mutex_};
    if (hold_) hold_->awaited = probe;
    return domain::Done{};
  }
  domain::Result<domain::Done> release() override {
    const concurrency::Lock lock{mutex_};
    hold_.reset();
    return domain::Done{};
  }

 private:
  concurrency::Mutex mutex_;
  std::optional<Look> hold_ GUARDED_BY(mutex_);
};

}  // namespace postrider::pipeline
