#include "adapters/sqlite/database/message_hash.hpp"

namespace postrider::adapters::sqlite {
namespace {

void message_hash_in_sql(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  if (text == nullptr) return sqlite3_result_null(context);
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
  sqlite3_result_int64(context, message_hash({text, size}));
}

}  // namespace

std::int64_t message_hash(std::string_view message_id) {
  std::uint32_t hash = 0x811C9DC5U;
  for (const char c : message_id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  return hash;
}

int add_message_hash(sqlite3* db) {
  return sqlite3_create_function_v2(db, "message_hash", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                    nullptr, message_hash_in_sql, nullptr, nullptr, nullptr);
}

}  // namespace postrider::adapters::sqlite
