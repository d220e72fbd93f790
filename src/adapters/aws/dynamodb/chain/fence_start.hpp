// The time from which the claims of a stack move the fences of their chains. A program of before
// that time, or one that still runs beside a new one while a stack is updated, claims without a
// fence. Thread-safe.
#pragma once

#include <atomic>

#include "adapters/aws/dynamodb/database/database.hpp"

namespace postrider::adapters::aws::dynamodb {

class FenceStart {
 public:
  /// `database` outlives it.
  explicit FenceStart(Database& database) : database_{database} {}

  /// True for a quarter of an hour after the first claim with a fence, and where that time is not
  /// known: other programs may claim without one. Reads the time once a process, and writes it
  /// once a stack.
  bool may_claims_lack_fences(domain::TimePoint now);

 private:
  void learn(domain::TimePoint now);

  Database& database_;
  std::atomic<std::int64_t> start_{0};  // Unix milliseconds; 0: not known
};

}  // namespace postrider::adapters::aws::dynamodb
