// A client of AWS: signs calls, sends those of a batch together, and repeats only what may be
// repeated. Connections are kept and certificates checked. call() is thread-safe and blocks.
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
  /// `clock` dates the signatures and outlives the client. Throws std::runtime_error where
  /// `ca_bundle` can't be read: the program can't start then.
  Client(Settings settings, ports::Clock& clock);
  ~Client();  // no call() may be under way
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// One reply a call, in order. NoReply "internal": no memory or the like; whether a byte of the
  /// call went out is not known.
  std::vector<Reply> call(std::span<const Call> batch);
  Reply call(const Call& single);

  /// A function that gets a report of each call that ended. It runs on the io thread and must
  /// neither wait nor throw. Set it before the first call.
  using Observer = std::function<void(const CallReport&)>;
  void observe(Observer observer);

  /// No try begins after `calls_until`, and a try that was begun does not outlast it. A call that
  /// could not begin ends as NoReply "out_of_time". A call that reaches people begins before
  /// `messages_until`, which is earlier, and has half of the time between for its answer, so that
  /// its outcome can still be recorded.
  void stop_at(std::chrono::steady_clock::time_point messages_until,
               std::chrono::steady_clock::time_point calls_until);

  /// Gives up the connections that wait. After the process was frozen they may be dead.
  void forget_connections();

  const Settings& settings() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace postrider::adapters::aws::client
