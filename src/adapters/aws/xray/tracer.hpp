// The tracer: sends the calls of an invocation to X-Ray's daemon by UDP, a datagram a call. Never
// waits; a lost datagram does no harm. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "adapters/aws/xray/subsegment.hpp"
#include "concurrency/mutex.hpp"

namespace postrider::adapters::aws::xray {

class Tracer {
 public:
  /// `daemon`: as AWS_XRAY_DAEMON_ADDRESS has it, "169.254.100.1:2000" or "tcp:…:2000 udp:…:2000",
  /// numeric. Where it is empty or can't be read, nothing is sent.
  Tracer(const std::string& daemon, std::string region);
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  /// Begins a trace: calls sent from now on belong to it, if it is wanted. `header`:
  /// X-Amzn-Trace-Id.
  void begin(std::string_view header);
  /// Sends one call of the trace.
  void send(const client::CallReport& report);

 private:
  const std::string region_;
  int socket_ = -1;
  concurrency::Mutex mutex_;
  std::optional<Trace> trace_ GUARDED_BY(mutex_);
};

}  // namespace postrider::adapters::aws::xray
