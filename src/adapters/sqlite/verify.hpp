// `postrider verify`: do all promises hold in this database? Reads only; may run beside a service.
#pragma once

#include <string>
#include <vector>

#include "adapters/sqlite/database/database.hpp"

namespace postrider::adapters::sqlite {

/// One line per finding: a code, what is wrong, the notification's id; never a personal value.
/// Empty: all is well. Of each kind at most `max_findings` are told.
domain::Result<std::vector<std::string>> verify(Database& database);

inline constexpr int max_findings = 1000;

}  // namespace postrider::adapters::sqlite
