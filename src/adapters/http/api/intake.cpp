#include "adapters/http/api/intake.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace postrider::adapters::http {
namespace {

constexpr int threads = 2;  // one commits while the other renders: the store has one writer

}  // namespace

Intake::Intake(boost::asio::io_context& io, pipeline::OrderProcessor& orders, IntakeLimits limits)
    : io_{io}, orders_{orders}, limits_{limits} {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

bool Intake::submit(Group& group) {
  group.open = group.events.size();
  group.answers.assign(group.events.size(), domain::ErrorKind::unavailable);
  bool wake = false;
  {
    const concurrency::Lock lock{mutex_};
    if (stopping_ || queue_.size() + group.events.size() > limits_.queue) return false;
    for (std::size_t i = 0; i < group.events.size(); ++i) queue_.push_back({&group, i});
    wake = sleeping_ > 0 && has_work();
  }
  if (wake) wake_.notify_one();
  return true;
}

void Intake::stop() {
  {
    const concurrency::Lock lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

/// True when a thread should take a batch now. A small batch is left to grow while another batch is
/// being committed.
bool Intake::has_work() const {
  return !queue_.empty() && (working_ == 0 || queue_.size() >= limits_.batch || stopping_);
}

void Intake::run() {
  bool worked = false;
  for (;;) {
    std::vector<Queued> batch;
    std::uint64_t batch_no = 0;
    {
      concurrency::Lock lock{mutex_};
      working_ -= std::exchange(worked, true);
      while (!has_work() && !stopping_) {
        ++sleeping_;
        wake_.wait(lock);
        --sleeping_;
      }
      if (queue_.empty()) return;
      ++working_;
      batch_no = taken_++;
      const auto count = std::min(queue_.size(), limits_.batch);
      const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
      batch.assign(queue_.begin(), end);
      queue_.erase(queue_.begin(), end);
    }
    commit(batch, batch_no);
    post_back(std::move(batch));
  }
}

void Intake::commit(const std::vector<Queued>& batch, std::uint64_t batch_no) {
  std::vector<pipeline::Incoming> events;
  events.reserve(batch.size());
  for (const auto& [group, index] : batch) events.push_back(std::move(group->events[index]));
  auto outcomes = store_in_order(orders_.prepare(events), batch_no);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    auto& answer = batch[i].group->answers[batch[i].index];
    if (outcomes) {
      answer = std::move((*outcomes)[i]);
    } else {
      answer = outcomes.error().kind;
    }
  }
}

/// Stores the batches in the order of their numbers, because of two events of one order the later
/// one counts.
domain::Result<std::vector<pipeline::IntakeOutcome>> Intake::store_in_order(
    domain::Result<pipeline::PreparedOrders> prepared, std::uint64_t batch_no) {
  {
    concurrency::Lock lock{mutex_};
    while (stored_ != batch_no) batch_stored_.wait(lock);
  }
  auto outcomes = prepared ? orders_.store(*prepared) : prepared.error();
  {
    const concurrency::Lock lock{mutex_};
    ++stored_;
  }
  batch_stored_.notify_all();
  return outcomes;
}

void Intake::post_back(std::vector<Queued> batch) {
  boost::asio::post(io_, [batch = std::move(batch)] {
    // fire() lets the group's owner destroy the group, so that it must not be touched afterwards.
    for (const auto& queued : batch)
      if (--queued.group->open == 0) queued.group->answered.fire();
  });
}

}  // namespace postrider::adapters::http
