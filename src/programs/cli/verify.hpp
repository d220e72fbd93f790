// The check of `postrider verify`: whether all invariants hold in a database. The check itself is
// the store's (adapters/sqlite/verify.hpp). Safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "domain/result.hpp"

namespace postrider::programs {

/// One line for each violation, which begins with the invariant ("I3: …"); empty when all hold. The
/// lines have ids and counts, but no personal value. `folder`: the data folder; a service may run.
/// Error: the database can't be opened or read.
domain::Result<std::vector<std::string>> verify_database(const std::string& folder);

}  // namespace postrider::programs
