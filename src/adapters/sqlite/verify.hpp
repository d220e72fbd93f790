// The check of all promises in a database, which `postrider verify` runs. It only reads, may run
// beside a service, and is thread-safe.
#pragma once

#include <string>
#include <vector>

#include "adapters/sqlite/database/database.hpp"

namespace postrider::adapters::sqlite {

/// The most findings of one kind that verify() lists: a broken database may have millions.
inline constexpr int max_findings = 1000;

/// The findings, a line each: a code, what is wrong, the notification's id; never a personal value.
/// Empty: every promise holds, and the service can read every row. What a damaged page hides is a
/// finding too. An Error: the database could not be read.
domain::Result<std::vector<std::string>> verify(Database& database);

}  // namespace postrider::adapters::sqlite
