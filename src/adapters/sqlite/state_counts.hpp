// How many notifications are in each state, kept in a small table: one update per state that a
// transaction touched, so that counting ten million rows costs fourteen.
#pragma once

#include <array>

#include "adapters/sqlite/database/connection.hpp"
#include "domain/state.hpp"

namespace postrider::adapters::sqlite {

/// What one transaction changes. write() it before the commit.
class StateCounts {
 public:
  void entered(domain::State state) { ++change_[static_cast<std::size_t>(state)]; }
  void left(domain::State state) { --change_[static_cast<std::size_t>(state)]; }
  void write(Connection& writer) const;

 private:
  std::array<std::int64_t, domain::state_count> change_{};
};

}  // namespace postrider::adapters::sqlite
