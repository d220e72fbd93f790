// A writer of JSON strings (RFC 8259 §7) without a document, for the answers of the hot path. Pure.
// Other answers use nlohmann::json (api/record_json.hpp).
#pragma once

#include <string>
#include <string_view>

namespace postrider::adapters::http {

/// Appends `text` (valid UTF-8) as a JSON string with its quotes.
inline void append_json(std::string& out, std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (octet < 0x20) {
      out += "\\u00";
      out += digits[octet >> 4];
      out += digits[octet & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace postrider::adapters::http
