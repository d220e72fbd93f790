// Calls AWS: signs, sends, and repeats only what may be repeated. A batch goes out concurrently.
// Connections are kept and certificates checked. call() is thread-safe and blocks.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "adapters/aws/client/call.hpp"
#include "ports/clock.hpp"

namespace postrider::adapters::aws::client {

class Client {
 public:
  /// `clock` dates the signatures and outlives it. Throws std::runtime_error where `ca_bundle`
  /// can't be read: the program can't start then.
  Client(Settings settings, ports::Clock& clock);
  ~Client();  // no call() may be under way
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// One reply a call, in order.
  std::vector<Reply> call(std::span<const Call> batch);
  Reply call(const Call& one);

  /// Told of each call that ended; on the io thread: it must neither wait nor throw. Set it before
  /// the first call.
  using Observer = std::function<void(const CallReport&)>;
  void observe(Observer observer);

  /// No try begins after this, and one that was begun does not outlast it. A call that could not
  /// begin ends as NoReply "out_of_time". What reaches people begins before `messages`, which is
  /// earlier, and has half of the time between for its answer: what became of it must be recorded.
  void stop_at(std::chrono::steady_clock::time_point messages,
               std::chrono::steady_clock::time_point all);

  /// Waiting connections are not used any more: after the process was frozen, they may be dead.
  void forget_connections();

  const Settings& settings() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace postrider::adapters::aws::client
