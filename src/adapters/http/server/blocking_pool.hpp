// A few threads for handlers that block (queries, bulk writes), so that the io thread never does.
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

  /// Runs `job` on a thread of the pool and comes back to the io thread. False: too many are
  /// waiting, it was not run. Io thread only. `job` must not throw and must live until then.
  boost::asio::awaitable<bool> run(const std::function<void()>& job);

  /// Returns when no job runs any more. A job that waits is run as well.
  void join() { threads_.join(); }

 private:
  boost::asio::io_context& io_;
  boost::asio::thread_pool threads_;
  int max_jobs_;
  int jobs_ = 0;  // io thread only
};

}  // namespace postrider::adapters::http
