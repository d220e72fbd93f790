// The tables, and how an older database becomes the current one.
#pragma once

#include "adapters/sqlite/database/connection.hpp"

namespace postrider::adapters::sqlite {

inline constexpr int schema_version = 2;

/// Brings the database to version `to`, one transaction per step. Error `too_new` when it was
/// written by a later program.
domain::Result<domain::Done> migrate(Connection& writer, int to = schema_version);

/// For readers, which change nothing: an Error unless the version is the current one.
domain::Result<domain::Done> check_version(Connection& reader);

/// What multiplies a notification's `seq` in an attempt's key; the rest is the attempt's number.
inline constexpr std::int64_t attempts_per_notification = 4096;

}  // namespace postrider::adapters::sqlite
