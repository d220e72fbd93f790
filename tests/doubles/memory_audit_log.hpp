// AuditLog over MemoryWorld, for tests. Thread-safe.
#pragma once

#include <algorithm>

#include "doubles/memory_world.hpp"
#include "ports/audit_log.hpp"

namespace postrider::doubles {

class MemoryAuditLog final : public ports::AuditLog {
 public:
  explicit MemoryAuditLog(MemoryWorld& world) : world_{world} {}

  domain::Result<domain::Done> append(std::span<const ports::AuditEntry> entries) override {
    const concurrency::Lock lock{world_.mutex};
    if (world_.write_failure) return *world_.write_failure;
    world_.audit.insert(world_.audit.end(), entries.begin(), entries.end());
    return domain::Done{};
  }

  domain::Result<std::vector<ports::AuditEntry>> latest(int limit) override {
    const concurrency::Lock lock{world_.mutex};
    if (world_.read_failure) return *world_.read_failure;
    const auto count = std::min(world_.audit.size(), static_cast<std::size_t>(limit));
    return std::vector<ports::AuditEntry>(
        world_.audit.rbegin(), world_.audit.rbegin() + static_cast<std::ptrdiff_t>(count));
  }

 private:
  MemoryWorld& world_;
};

}  // namespace postrider::doubles
