// The group commit of order events: all events that came in during the last commit go to the order
// processor as one batch, on a thread of the intake's own. submit() is for the io thread, stop()
// for another; the intake must outlive the connections that wait for it. Where whole batches wait,
// a second thread renders the next one while the first commits.
#pragma once

#include <utility>

#include <boost/asio/io_context.hpp>
#include <deque>
#include <thread>
#include <variant>
#include <vector>

#include "adapters/http/server/signal.hpp"
#include "concurrency/mutex.hpp"
#include "domain/result.hpp"
#include "pipeline/order_processor.hpp"

namespace postrider::adapters::http {

struct IntakeLimits {
  std::size_t queue = 10'000;  // events waiting; more: 503
  std::size_t batch = 1000;    // events a commit
};

/// The answer to one event. It is `unavailable` also while the service ends.
using IntakeAnswer = std::variant<pipeline::IntakeOutcome, domain::ErrorKind>;

class Intake {
 public:
  Intake(boost::asio::io_context& io, pipeline::OrderProcessor& orders, IntakeLimits limits = {});
  ~Intake() { stop(); }

  /// The events of one request with their answers. A group must not move until `answered` fires.
  struct Group {
    std::vector<pipeline::Incoming> events;
    std::vector<IntakeAnswer> answers;  // one for each event, once `answered` has fired
    std::size_t open = 0;               // events that are not answered yet
    Signal answered;
  };

  /// Queues all events of a group, at least one. False: the queue is full, nothing was queued.
  bool submit(Group& group);

  /// Commits the queued events, then ends the threads. After it submit() is false.
  void stop();

 private:
  struct Queued {
    Group* group;
    std::size_t index;
  };
  bool has_work() const REQUIRES(mutex_);
  void run();
  void commit(const std::vector<Queued>& batch, std::uint64_t batch_no);
  domain::Result<std::vector<pipeline::IntakeOutcome>> store_in_order(
      domain::Result<pipeline::PreparedOrders> prepared, std::uint64_t batch_no);
  void post_back(std::vector<Queued> batch);

  boost::asio::io_context& io_;
  pipeline::OrderProcessor& orders_;
  IntakeLimits limits_;
  concurrency::Mutex mutex_;
  concurrency::ConditionVariable wake_;
  std::deque<Queued> queue_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  int sleeping_ GUARDED_BY(mutex_) = 0;
  int working_ GUARDED_BY(mutex_) = 0;
  std::uint64_t taken_ GUARDED_BY(mutex_) = 0;   // batches, numbered from 0
  std::uint64_t stored_ GUARDED_BY(mutex_) = 0;  // batches, in the order of their numbers
  concurrency::ConditionVariable batch_stored_;
  std::vector<std::thread> threads_;
};

}  // namespace postrider::adapters::http
