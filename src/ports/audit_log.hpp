// Who did what by hand: dead letters replayed or discarded, opt-outs changed, customers erased.
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
  virtual domain::Result<domain::Done> append(std::span<const AuditEntry> entries) = 0;
  /// Newest first.
  virtual domain::Result<std::vector<AuditEntry>> latest(int limit) = 0;
};

}  // namespace postrider::ports
