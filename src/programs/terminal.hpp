// Texts for the terminal: aligned tables, and values without control characters, so that no text of
// a shop or a customer can control the terminal. Pure.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace postrider::programs {

/// `text` without control characters (C0, DEL, C1) and without the marks that reverse the reading
/// direction (U+202A…202E, U+2066…2069). Bytes that are no UTF-8 become "?".
std::string plain(std::string_view text);

/// A table with its columns aligned to the left, two spaces between them; the first row is the
/// heading. Values are made plain().
std::string table(const std::vector<std::vector<std::string>>& rows);

inline constexpr std::size_t terminal_width = 80;

/// `line` in lines of at most 80 columns, each with its end; what goes on is indented by `indent`.
/// A word that is longer stays whole.
std::string folded(std::string_view line, std::size_t indent);

/// A field as text: a string as it is, a number or boolean printed; empty where the field is absent
/// or null.
std::string text_of(const nlohmann::ordered_json& object, const char* field);

/// The first array among the object's values, or `answer` itself where it is an array; an empty
/// array where there is none.
nlohmann::ordered_json items_of(const nlohmann::ordered_json& answer);

/// Compact JSON on one line. Bytes that are no UTF-8 (from the command line) are replaced.
std::string dump(const nlohmann::ordered_json& json);

/// A number with its digits in groups of three: 12345678 → "12,345,678".
std::string grouped(std::uint64_t number);

}  // namespace postrider::programs
