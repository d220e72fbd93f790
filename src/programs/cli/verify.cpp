#include "programs/cli/verify.hpp"

#include "adapters/sqlite/verify.hpp"

namespace postrider::programs {

domain::Result<std::vector<std::string>> verify_database(const std::string& folder) {
  auto database = adapters::sqlite::Database::open_reader(folder);
  if (!database) return database.error();
  return adapters::sqlite::verify(**database);
}

}  // namespace postrider::programs
