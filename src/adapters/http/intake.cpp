#include "adapters/http/intake.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace postrider::adapters::http {

Intake::Intake(boost::asio::io_context& io, pipeline::OrderProcessor& orders, IntakeLimits limits)
    : io_{io}, orders_{orders}, limits_{limits}, thread_{[this] { run(); }} {}

bool Intake::submit(Group& group) {
  group.open = group.events.size();
  group.answers.assign(group.events.size(), domain::ErrorKind::unavailable);
  bool wake = false;
  {
    const std::lock_guard lock{mutex_};
    if (stopping_ || queue_.size() + group.events.size() > limits_.queue) return false;
    for (std::size_t i = 0; i < group.events.size(); ++i) queue_.push_back({&group, i});
    wake = std::exchange(sleeping_, false);
  }
  if (wake) wake_.notify_one();
  return true;
}

void Intake::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Intake::run() {
  for (;;) {
    std::vector<Queued> batch;
    {
      std::unique_lock lock{mutex_};
      while (queue_.empty() && !stopping_) {
        sleeping_ = true;
        wake_.wait(lock);
      }
      if (queue_.empty()) return;
      const auto count = std::min(queue_.size(), limits_.batch);
      const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
      batch.assign(queue_.begin(), end);
      queue_.erase(queue_.begin(), end);
    }
    commit(batch);
    post_back(std::move(batch));
  }
}

void Intake::commit(const std::vector<Queued>& batch) {
  std::vector<pipeline::Incoming> events;
  events.reserve(batch.size());
  for (const auto& [group, index] : batch) events.push_back(std::move(group->events[index]));
  auto outcomes = orders_.accept(events);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    auto& answer = batch[i].group->answers[batch[i].index];
    if (outcomes) {
      answer = std::move((*outcomes)[i]);
    } else {
      answer = outcomes.error().kind;
    }
  }
}

void Intake::post_back(std::vector<Queued> batch) {
  boost::asio::post(io_, [batch = std::move(batch)] {
    // A group's last answer ends its life, so it is not touched after that.
    for (const auto& queued : batch)
      if (--queued.group->open == 0) queued.group->answered.fire();
  });
}

}  // namespace postrider::adapters::http
