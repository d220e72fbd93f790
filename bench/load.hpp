// A load generator that costs little beside the server it measures: keep-alive connections on one
// thread, one POST at a time on each, a ready request with only its digits changed, the answer read
// up to its status and its end. Throws std::runtime_error when the server drops a connection or
// does not answer.
#pragma once

#include <chrono>
#include <cstdint>

namespace postrider::bench {

struct Load {
  std::uint16_t port = 0;  // on 127.0.0.1
  int connections = 1;
  std::chrono::milliseconds warm_up{500};
  std::chrono::milliseconds measured{2000};
  std::uint64_t first_order = 0;  // orders are numbered from here; each is sent once
};

struct LoadResult {
  std::uint64_t accepted = 0;  // answered by 202 in the measured time
  std::uint64_t refused = 0;   // answered with another status, at any time
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

/// Loads the server for `warm_up` and `measured`, and counts the latter.
LoadResult run_load(const Load& load);

}  // namespace postrider::bench
