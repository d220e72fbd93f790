// A carrier that answers as a test sets it and keeps all submitted messages. Thread-safe.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "concurrency/mutex.hpp"
#include "ports/clock.hpp"
#include "ports/sms_carrier.hpp"

namespace postrider::doubles {

class FakeSmsCarrier final : public ports::SmsCarrier {
 public:
  /// `clock`: by which no message is begun too late; null: there is no time.
  explicit FakeSmsCarrier(std::string name = "fake", const ports::Clock* clock = nullptr)
      : name_{std::move(name)}, clock_{clock} {}

  std::string name() const override { return name_; }

  int width() const override { return width_; }
  /// Sets the number of messages that the carrier can have under way at once.
  void set_width(int width) { width_ = width; }

  std::string reach() override {
    const concurrency::Lock lock{mutex_};
    return reach_;
  }
  /// Sets what is wrong with the way to the carrier; empty: nothing.
  void set_reach(std::string problem) {
    const concurrency::Lock lock{mutex_};
    reach_ = std::move(problem);
  }

  std::vector<ports::SmsOutcome> submit(std::span<const ports::Sms> batch,
                                        domain::TimePoint until) override {
    std::vector<ports::SmsOutcome> outcomes;
    for (const auto& sms : batch) {
      if (clock_ != nullptr && clock_->now() >= until) {
        outcomes.emplace_back(ports::SmsNotBegun{});
        continue;
      }
      std::function<void(const ports::Sms&)> during;
      {
        const concurrency::Lock lock{mutex_};
        during = during_;
        submitted_.push_back(sms);
        outcomes.push_back(next_outcome());
      }
      if (during) during(sms);
    }
    return outcomes;
  }

  /// Sets the answer to the next message; later messages get the answers set after it, then
  /// acceptance.
  void answer_next(ports::SmsOutcome outcome) {
    const concurrency::Lock lock{mutex_};
    script_.push_back(std::move(outcome));
  }

  /// Sets a function that runs while a message is "on the wire": receipts that overtake the answer,
  /// a worker that dies, another worker that is faster.
  void while_submitting(std::function<void(const ports::Sms&)> what) {
    const concurrency::Lock lock{mutex_};
    during_ = std::move(what);
  }

  std::vector<ports::Sms> submitted() const {
    const concurrency::Lock lock{mutex_};
    return submitted_;
  }

  /// The message id that the n-th message (from 1) gets when it is accepted.
  std::string message_id(std::size_t n) const { return name_ + "-" + std::to_string(n); }

 private:
  ports::SmsOutcome next_outcome() REQUIRES(mutex_) {
    if (script_.empty()) return ports::SmsAccepted{message_id(submitted_.size())};
    auto outcome = std::move(script_.front());
    script_.pop_front();
    return outcome;
  }

  std::string name_;
  const ports::Clock* clock_;
  std::atomic<int> width_{unlimited_width};
  mutable concurrency::Mutex mutex_;
  std::string reach_ GUARDED_BY(mutex_);
  std::deque<ports::SmsOutcome> script_ GUARDED_BY(mutex_);
  std::function<void(const ports::Sms&)> during_ GUARDED_BY(mutex_);
  std::vector<ports::Sms> submitted_ GUARDED_BY(mutex_);
};

}  // namespace postrider::doubles
