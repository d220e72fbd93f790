// What people see: aligned tables and values without control characters, so that nothing a shop or
// a customer wrote can steer the terminal. For one thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace postrider::programs {

/// Without control characters (C0, DEL, C1) and without the marks that reverse the reading
/// direction (U+202A…202E, U+2066…2069). Bytes that are no UTF-8 become "?".
std::string plain(std::string_view text);

/// Columns of equal width, two spaces between; the first row is the heading. Numbers are not
/// told from texts: everything is aligned to the left. Values are made plain().
std::string table(const std::vector<std::vector<std::string>>& rows);

/// A field as text: strings as they are, numbers and booleans printed, absent and null empty.
std::string text_of(const nlohmann::ordered_json& object, const char* field);

/// The value of the first array in the object (or the array itself); an empty one when none.
nlohmann::ordered_json items_of(const nlohmann::ordered_json& answer);

/// Compact JSON on one line; bytes that are no UTF-8 (from the command line) are replaced.
std::string dump(const nlohmann::ordered_json& json);

/// 12345678 → "12,345,678".
std::string grouped(std::uint64_t number);

}  // namespace postrider::programs
