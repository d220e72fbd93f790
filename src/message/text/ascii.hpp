// Tests, cuts and small letters of ASCII characters, for texts in UTF-8 or any encoding that
// extends ASCII. Pure. Unlike <cctype>'s they do not depend on the process's locale.
#pragma once

#include <string>
#include <string_view>

namespace postrider::message {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// `text` with small letters for the capitals of ASCII.
inline std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) c = lower(c);
  return result;
}

/// `text` without the white space at its two ends.
constexpr std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

}  // namespace postrider::message
