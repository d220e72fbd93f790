#include "programs/terminal.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace postrider::programs {
namespace {

/// The length in bytes of the well-formed UTF-8 sequence at the start of `text`; 0: the start is
/// not well-formed.
std::size_t sequence_length(std::string_view text, char32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return code = first, 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  code = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  return overlong || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff ? 0 : length;
}

bool is_harmless(char32_t c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return false;
  return !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069);
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

std::string plain(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    char32_t code = 0;
    const std::size_t length = sequence_length(text, code);
    if (length == 0)
      clean += '?';
    else if (is_harmless(code))
      clean += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return clean;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> cells;
  for (const auto& row : rows) {
    auto& clean = cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      clean.push_back(plain(row[i]));
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], width(clean.back()));
    }
  }
  std::string text;
  for (const auto& row : cells) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - width(row[i]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string folded(std::string_view line, std::size_t indent) {
  // The place of a column: characters of UTF-8 with more octets take one too.
  const auto place_of = [](std::string_view text, std::size_t columns) {
    std::size_t at = 0;
    for (; at < text.size(); ++at)
      if ((static_cast<unsigned char>(text[at]) & 0xc0) != 0x80 && columns-- == 0) break;
    return at;
  };
  std::string out, rest{line};
  while (place_of(rest, terminal_width) < rest.size()) {
    const auto edge = place_of(rest, terminal_width);
    auto end = rest.rfind(' ', edge);
    if (end == std::string::npos || end <= indent) end = rest.find(' ', edge);
    if (end == std::string::npos) break;
    out.append(rest, 0, end).append(1, '\n');
    rest = std::string(indent, ' ') + rest.substr(end + 1);
  }
  return out.append(rest).append(1, '\n');
}

std::string text_of(const nlohmann::ordered_json& object, const char* field) {
  if (!object.is_object()) return "";
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) return "";
  return found->is_string() ? found->get<std::string>() : dump(*found);
}

nlohmann::ordered_json items_of(const nlohmann::ordered_json& answer) {
  if (answer.is_array()) return answer;
  if (answer.is_object())
    for (const auto& [key, value] : answer.items())
      if (value.is_array()) return value;
  return nlohmann::ordered_json::array();
}

std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (auto i = static_cast<std::ptrdiff_t>(text.size()) - 3; i > 0; i -= 3)
    text.insert(static_cast<std::size_t>(i), ",");
  return text;
}

}  // namespace postrider::programs
