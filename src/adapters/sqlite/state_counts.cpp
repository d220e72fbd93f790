#include "adapters/sqlite/state_counts.hpp"

namespace postrider::adapters::sqlite {

void StateCounts::write(Connection& writer) const {
  for (std::size_t i = 0; i < change_.size(); ++i)
    if (change_[i] != 0)
      writer.run(
          "INSERT INTO counts(state, n) VALUES(?, ?)"
          " ON CONFLICT(state) DO UPDATE SET n = n + excluded.n",
          i, change_[i]);
}

}  // namespace postrider::adapters::sqlite
