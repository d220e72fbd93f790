#include "wire/batch_runner.hpp"

#include <algorithm>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <cassert>

#include "concurrency/mutex.hpp"

namespace postrider::wire {

/// The count that run_each() waits for. Shared, because the io thread may still hold it when
/// run_each() returns.
struct BatchRunner::Batch {
  Batch(std::size_t count, CarryIndex carry_one) : carry{std::move(carry_one)}, left{count} {}

  const CarryIndex carry;
  concurrency::Mutex mutex;
  std::size_t left GUARDED_BY(mutex);
  concurrency::ConditionVariable done;
};

BatchRunner::BatchRunner(int concurrency)
    : concurrency_{concurrency}, thread_{[this] { io_.run(); }} {
  assert(concurrency >= 1);
}

BatchRunner::~BatchRunner() { stop(); }

void BatchRunner::stop() {
  if (!thread_.joinable()) return;
  keep_running_.reset();
  io_.stop();
  thread_.join();
}

void BatchRunner::enqueue(const std::shared_ptr<Batch>& batch, std::size_t count) {
  asio::post(io_, [this, batch, count] {
    for (std::size_t i = 0; i < count; ++i) jobs_.push_back({batch, i});
    // The workers that are there may all be busy, so the queue's length says nothing.
    const auto room = static_cast<std::size_t>(concurrency_ - workers_);
    for (auto fresh = std::min(count, room); fresh > 0; --fresh, ++workers_)
      asio::co_spawn(
          io_, [this] { return work(); }, asio::detached);
  });
}

void BatchRunner::start(std::size_t count, CarryIndex carry) {
  if (count > 0) enqueue(std::make_shared<Batch>(count, std::move(carry)), count);
}

void BatchRunner::run_each(std::size_t count, CarryIndex carry) {
  if (count == 0) return;
  const auto batch = std::make_shared<Batch>(count, std::move(carry));
  enqueue(batch, count);
  concurrency::Lock lock{batch->mutex};
  while (batch->left > 0) batch->done.wait(lock);
}

asio::awaitable<void> BatchRunner::work() {
  while (!jobs_.empty()) {
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    try {
      co_await job.batch->carry(job.index);
    } catch (...) {
      // Out of memory or the like: the outcome stays the one that run() assumed at the start.
    }
    const concurrency::Lock lock{job.batch->mutex};
    if (--job.batch->left == 0) job.batch->done.notify_all();
  }
  --workers_;
}

}  // namespace postrider::wire
