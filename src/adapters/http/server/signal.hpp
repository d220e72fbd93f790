// A one-time signal for which one coroutine of the io thread waits. wait() and fire() are for the
// io thread alone; other threads post a call of fire() to it.
#pragma once

#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace postrider::adapters::http {

class Signal {
 public:
  Signal() = default;
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;

  /// Suspends until fire(). Must not be called after fire(), nor by two coroutines at once.
  boost::asio::awaitable<void> wait() {
    auto start = [this](auto&& handler) {
      using Waiter = std::decay_t<decltype(handler)>;
      waiting_ = std::make_unique<Holder<Waiter>>(std::forward<decltype(handler)>(handler));
    };
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        start, boost::asio::use_awaitable);
  }

  bool waiting() const { return waiting_ != nullptr; }

  /// Resumes the coroutine, if one waits, before fire() returns: the signal may be destroyed by
  /// then.
  void fire() {
    if (const auto held = std::move(waiting_)) held->resume();
  }

 private:
  struct Waiting {
    virtual ~Waiting() = default;
    virtual void resume() = 0;
  };
  template <class Handler>
  struct Holder final : Waiting {
    explicit Holder(Handler&& h) : handler{std::move(h)} {}
    void resume() override { std::move(handler)(); }
    Handler handler;
  };

  std::unique_ptr<Waiting> waiting_;
};

}  // namespace postrider::adapters::http
