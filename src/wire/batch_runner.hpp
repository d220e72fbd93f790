// A runner of batches: one io thread, and coroutine workers on it that carry the requests of all
// callers, first come first served, each request once. Thread-safe; a caller blocks until every
// request of its batch has an outcome. What the coroutines use belongs to the io thread alone.
#pragma once

#include <utility>
// Asio 1.74 forgets <utility>.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <vector>

namespace postrider::wire {

namespace asio = boost::asio;

class BatchRunner {
 public:
  /// `concurrency`, at least 1: requests that are carried at the same time, over all batches.
  explicit BatchRunner(int concurrency);
  ~BatchRunner();  // calls stop()
  BatchRunner(const BatchRunner&) = delete;
  BatchRunner& operator=(const BatchRunner&) = delete;

  /// Where the coroutines run. Connections and timers made on it are destroyed before the runner
  /// and after stop().
  asio::io_context& io() { return io_; }

  /// Ends the io thread. No run() or await() may be under way, nothing that was started, and none
  /// may follow.
  void stop();

  /// The outcomes of `requests`, in order. `carry(request, index)` is a coroutine that returns an
  /// Outcome and throws what it likes: the outcome of that request is then `unknown`, because
  /// whether a byte of it went out is not known. The other requests go on.
  template <class Request, class Outcome, class Carry>
  std::vector<Outcome> run(std::span<const Request> requests, const Outcome& unknown,
                           const Carry& carry) {
    std::vector<Outcome> outcomes(requests.size(), unknown);
    run_each(requests.size(), [&outcomes, &carry, requests](std::size_t index) {
      return carry_into(outcomes[index], carry, requests[index], index);
    });
    return outcomes;
  }

  /// Begins to carry `count` requests and returns: `carry(index)` is a coroutine that takes its
  /// outcome where it belongs, and catches what it throws. It lives until all have been carried.
  void start(std::size_t count, std::function<asio::awaitable<void>(std::size_t index)> carry);

  /// The result of one coroutine, `start()`, which runs beside the workers and is not counted as
  /// one of them. Throws what the coroutine throws.
  template <class Start>
  auto await(Start start) {
    return asio::co_spawn(io_, std::move(start), asio::use_future).get();
  }

 private:
  struct Batch;
  struct Job {
    std::shared_ptr<Batch> batch;
    std::size_t index = 0;
  };
  using CarryIndex = std::function<asio::awaitable<void>(std::size_t index)>;

  template <class Request, class Outcome, class Carry>
  static asio::awaitable<void> carry_into(Outcome& outcome, const Carry& carry,
                                          const Request& request, std::size_t index) {
    outcome = co_await carry(request, index);
  }

  void run_each(std::size_t count, CarryIndex carry);
  void enqueue(const std::shared_ptr<Batch>& batch, std::size_t count);
  asio::awaitable<void> work();

  const int concurrency_;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> keep_running_{io_.get_executor()};
  // Of the io thread alone:
  std::deque<Job> jobs_;
  int workers_ = 0;

  std::thread thread_;
};

}  // namespace postrider::wire
