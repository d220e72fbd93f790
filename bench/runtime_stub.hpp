// A stand-in for Lambda's runtime API and for AWS at once: hands over one event and notes the
// arrival of the request that ends a measurement. Has one thread of its own. Throws
// std::runtime_error when it can't listen.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace postrider::bench {

class RuntimeStub {
 public:
  using Clock = std::chrono::steady_clock;

  /// `awaited`: a part of the signed request that ends the measurement. Signed requests before it
  /// are answered with `{}`.
  RuntimeStub(std::string event, std::string awaited);
  ~RuntimeStub();
  RuntimeStub(const RuntimeStub&) = delete;
  RuntimeStub& operator=(const RuntimeStub&) = delete;

  /// "127.0.0.1:PORT".
  std::string address() const;

  /// The time at which the request arrived; throws when it does not within `patience`.
  Clock::time_point arrived(std::chrono::seconds patience) const;

 private:
  void serve();
  void answer(int connection, const std::string& request);

  const std::string event_, awaited_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<Clock::rep> arrived_{0};
  std::thread thread_;
};

}  // namespace postrider::bench
