// A pool of a few threads for handlers that block (queries, bulk writes), so that the io thread
// never blocks. run() is for the io thread, join() for any other.
#pragma once

#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>

namespace postrider::adapters::http {

class BlockingPool {
 public:
  /// `max_jobs`: running and waiting together.
  BlockingPool(boost::asio::io_context& io, int threads, int max_jobs);

  /// Runs `job` on a thread of the pool and resumes on the io thread. False: `max_jobs` run or wait
  /// already, `job` was not run. `job` must not throw, and must live until the result is there.
  boost::asio::awaitable<bool> run(const std::function<void()>& job);

  /// Returns when all jobs have run, the waiting ones too.
  void join() { threads_.join(); }

 private:
  boost::asio::io_context& io_;
  boost::asio::thread_pool threads_;
  int max_jobs_;
  int jobs_ = 0;  // io thread only
};

}  // namespace postrider::adapters::http
