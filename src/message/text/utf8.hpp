// A reader and a writer of single characters in UTF-8. Pure; safe on any bytes: a broken byte
// counts as one character, U+FFFD. Characters as people see them: cluster.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace postrider::message {

/// One code point, and the bytes that it takes in the text.
struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

/// The character that starts at `at`, which must be inside `text`.
inline Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  if (length == 1 || lead > 0xF4 || at + length > text.size()) return {0xFFFD, 1};
  char32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {0xFFFD, 1};
    code = code << 6 | (byte(at + i) & 0x3FU);
  }
  return {code, length};
}

/// Appends `code`, which must be a Unicode scalar value.
inline void append_utf8(std::string& out, char32_t code) {
  const auto append_byte = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return append_byte(code);
  if (code < 0x800) {
    append_byte(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      append_byte(0xE0 | code >> 12);
    } else {
      append_byte(0xF0 | code >> 18);
      append_byte(0x80 | (code >> 12 & 0x3F));
    }
    append_byte(0x80 | (code >> 6 & 0x3F));
  }
  append_byte(0x80 | (code & 0x3F));
}

}  // namespace postrider::message
