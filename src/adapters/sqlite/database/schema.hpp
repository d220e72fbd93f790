// The schema of the database: its version, its migrations, and the key of an attempt. For the
// thread that has the connection.
#pragma once

#include <functional>

#include "adapters/sqlite/database/connection.hpp"
#include "domain/delivery/receipt_limits.hpp"

namespace postrider::adapters::sqlite {

inline constexpr int schema_version = 7;

/// Told now and then how many rows of a long upgrade are done. False: stop; the step is undone.
using UpgradeProgress = std::function<bool(std::int64_t done, std::int64_t total)>;

/// Brings the database to version `to`, one transaction per step; a step that fails has changed
/// nothing. Errors: `too_new` where a later program wrote it, `storage_full` where the disk has too
/// little space for a long step, `unavailable` where `progress` said stop, failures of SQLite.
domain::Result<domain::Done> migrate(Connection& writer, const UpgradeProgress& progress,
                                     int to = schema_version);

/// The check of a reader, which changes nothing: that the version is the current one. Errors:
/// `too_new` for a later version, `invalid` for an older one; others are failures of SQLite.
domain::Result<domain::Done> check_version(Connection& reader);

/// The factor of a notification's `seq` in the key of an attempt: key = seq * factor + the number
/// of the attempt.
inline constexpr std::int64_t attempts_per_notification = domain::max_attempt_no + 1;

}  // namespace postrider::adapters::sqlite
