// Tells X-Ray's daemon of the calls that an invocation makes, by UDP: a datagram a call, never
// waited for, lost without harm. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "adapters/aws/xray/subsegment.hpp"

namespace postrider::adapters::aws::xray {

class Tracer {
 public:
  /// `daemon`: as AWS_XRAY_DAEMON_ADDRESS has it, "169.254.100.1:2000" or "tcp:…:2000 udp:…:2000",
  /// numeric. Where it is empty or can't be read, nothing is told.
  Tracer(const std::string& daemon, std::string region);
  ~Tracer();
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  /// What is told from now on belongs to this trace, if it is wanted. `header`: X-Amzn-Trace-Id.
  void begin(std::string_view header);
  void tell(const client::CallReport& report);

 private:
  const std::string region_;
  int socket_ = -1;
  std::mutex mutex_;
  std::optional<Trace> trace_;
};

}  // namespace postrider::adapters::aws::xray
