// The log of what people did by hand, and who: dead letters replayed or discarded, opt-outs
// changed, customers erased. Thread-safe.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/result.hpp"
#include "domain/time.hpp"

namespace postrider::ports {

struct AuditEntry {
  domain::TimePoint at;
  std::string actor;    // name of the API key, or "local"
  std::string action;   // "dead_letter.replay", "dead_letter.discard", "opt_out.add", …
  std::string subject;  // a notification id, or a masked number
};

class AuditLog {
 public:
  virtual ~AuditLog() = default;
  /// Durable when it returns.
  virtual domain::Result<domain::Done> append(std::span<const AuditEntry> entries) = 0;
  /// The newest `limit` entries, newest first.
  virtual domain::Result<std::vector<AuditEntry>> latest(int limit) = 0;
};

}  // namespace postrider::ports
