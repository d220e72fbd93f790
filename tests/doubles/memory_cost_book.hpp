// CostBook over MemoryWorld, for tests. Thread-safe.
#pragma once

#include "doubles/memory_world.hpp"
#include "ports/cost_book.hpp"

namespace postrider::doubles {

/// The cost line of one notification.
ports::CostLine cost_line(const MemoryWorld::Row& row);

class MemoryCostBook final : public ports::CostBook {
 public:
  explicit MemoryCostBook(MemoryWorld& world) : world_{world} {}

  domain::Result<std::vector<ports::CostLine>> costs(int first, int last) override;

 private:
  MemoryWorld& world_;
};

}  // namespace postrider::doubles
