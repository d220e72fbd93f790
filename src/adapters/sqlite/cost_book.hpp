// CostBook on SQLite: from the notifications that are kept and the sums of those that are not.
// Thread-safe.
#pragma once

#include "adapters/sqlite/database/database.hpp"
#include "ports/cost_book.hpp"

namespace postrider::adapters::sqlite {

class SqliteCostBook final : public ports::CostBook {
 public:
  /// `database` outlives it.
  explicit SqliteCostBook(Database& database) : database_{database} {}

  domain::Result<std::vector<ports::CostLine>> costs(int first, int last) override;

 private:
  Database& database_;
};

}  // namespace postrider::adapters::sqlite
