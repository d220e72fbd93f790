// The hash of a provider's message id, by which its attempt is found. Pure, and the SQL function
// `message_hash(text)` of each connection.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string_view>

namespace postrider::adapters::sqlite {

/// FNV-1a of 32 bits (draft-eastlake-fnv), as a number from 0. Stored, so it never changes. The ids
/// themselves are long and random: an index of them is three times as large, and with each batch
/// nearly every one of its pages is written.
std::int64_t message_hash(std::string_view message_id);

/// Makes `message_hash(text)` known to SQL on this connection; of NULL it is NULL. Returns a result
/// code of SQLite.
int add_message_hash(sqlite3* db);

}  // namespace postrider::adapters::sqlite
