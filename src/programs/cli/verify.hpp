// `postrider verify`: do all invariants hold in this database? The checkers are the store's; this
// is the hook to them.
#pragma once

#include <string>
#include <vector>

#include "domain/result.hpp"

namespace postrider::programs {

/// One line per violation, beginning with the invariant ("I3: …"); empty when all hold. Ids and
/// counts only, no personal value. Reads beside a running service.
domain::Result<std::vector<std::string>> verify_database(const std::string& folder);

}  // namespace postrider::programs
