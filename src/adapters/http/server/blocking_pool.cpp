#include "adapters/http/server/blocking_pool.hpp"

#include <boost/asio/post.hpp>

#include "adapters/http/server/signal.hpp"

namespace postrider::adapters::http {

BlockingPool::BlockingPool(boost::asio::io_context& io, int threads, int max_jobs)
    : io_{io}, threads_{static_cast<std::size_t>(threads)}, max_jobs_{max_jobs} {}

boost::asio::awaitable<bool> BlockingPool::run(const std::function<void()>& job) {
  if (jobs_ >= max_jobs_) co_return false;
  ++jobs_;
  Signal done;
  boost::asio::post(threads_, [this, &job, &done] {
    job();
    boost::asio::post(io_, [&done] { done.fire(); });
  });
  co_await done.wait();
  --jobs_;
  co_return true;
}

}  // namespace postrider::adapters::http
