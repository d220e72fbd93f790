// The numbers of notifications in each state, in a small table: one update for each state that a
// transaction touched, so that a count of ten million rows reads fourteen. Not thread-safe.
#pragma once

#include <array>

#include "adapters/sqlite/database/connection.hpp"
#include "domain/delivery/state.hpp"

namespace postrider::adapters::sqlite {

/// The change of the numbers by one transaction.
class StateCounts {
 public:
  void entered(domain::State state) { ++change_[static_cast<std::size_t>(state)]; }
  void left(domain::State state) { --change_[static_cast<std::size_t>(state)]; }
  /// Adds the change to the table. Call it before the commit.
  void write(Connection& writer) const;

 private:
  std::array<std::int64_t, domain::state_count> change_{};
};

}  // namespace postrider::adapters::sqlite
