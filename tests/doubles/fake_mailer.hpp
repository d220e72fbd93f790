// A mail server that answers as a test sets it and keeps all mail. Thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "concurrency/mutex.hpp"
#include "doubles/manual_clock.hpp"
#include "ports/mailer.hpp"

namespace postrider::doubles {

class FakeMailer : public ports::Mailer {
 public:
  explicit FakeMailer(std::string name = "fake-mail") : name_{std::move(name)} {}

  std::string name() const override { return name_; }

  std::vector<ports::MailOutcome> send(std::span<const message::Email> batch,
                                       domain::TimePoint until) override {
    const concurrency::Lock lock{mutex_};
    std::vector<ports::MailOutcome> outcomes;
    for (const auto& mail : batch) {
      if (clock_ != nullptr) {
        if (clock_->now() > until) {
          outcomes.push_back(ports::MailNotBegun{});
          continue;
        }
        clock_->advance(time_of_one_);
      }
      if (during_) during_();
      sent_.push_back(mail);
      if (script_.empty()) {
        outcomes.push_back(ports::MailAccepted{message_id(sent_.size())});
      } else {
        outcomes.push_back(std::move(script_.front()));
        script_.pop_front();
      }
    }
    return outcomes;
  }

  /// Sets the answer to the next mail; later mails get the answers set after it, then acceptance.
  void answer_next(ports::MailOutcome outcome) {
    const concurrency::Lock lock{mutex_};
    script_.push_back(std::move(outcome));
  }

  /// Lets each mail take `time` of `clock`.
  void take(ManualClock& clock, domain::Milliseconds time) {
    const concurrency::Lock lock{mutex_};
    clock_ = &clock;
    time_of_one_ = time;
  }

  /// Sets a function that runs with each mail, after its time has passed.
  void while_sending(std::function<void()> what) {
    const concurrency::Lock lock{mutex_};
    during_ = std::move(what);
  }

  void forget_script() {
    const concurrency::Lock lock{mutex_};
    script_.clear();
  }

  /// All mail that was handed over, whatever the answer.
  std::vector<message::Email> sent() const {
    const concurrency::Lock lock{mutex_};
    return sent_;
  }

  /// The message id that the n-th mail (from 1) gets when it is accepted.
  std::string message_id(std::size_t n) const { return name_ + "-" + std::to_string(n); }

 private:
  std::string name_;
  mutable concurrency::Mutex mutex_;
  std::deque<ports::MailOutcome> script_ GUARDED_BY(mutex_);
  std::vector<message::Email> sent_ GUARDED_BY(mutex_);
  std::function<void()> during_ GUARDED_BY(mutex_);
  ManualClock* clock_ GUARDED_BY(mutex_) = nullptr;
  domain::Milliseconds time_of_one_ GUARDED_BY(mutex_){0};
};

}  // namespace postrider::doubles
