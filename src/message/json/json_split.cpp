#include "message/json/json_split.hpp"

namespace postrider::message {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The end of the string that begins at `at`, behind its quote; npos: it has none.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (auto i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return text.npos;
}

/// The parts between commas within the brackets `open` and `close`, at most `max` and one more.
std::optional<std::vector<std::string_view>> parts_of(std::string_view text, char open, char close,
                                                      std::size_t max) {
  text = without_blanks(text);
  if (text.size() < 2 || text.front() != open || text.back() != close) return std::nullopt;
  std::vector<std::string_view> parts;
  std::size_t depth = 0, start = 1, i = 0;
  while (i < text.size() && parts.size() <= max) {
    const char c = text[i];
    if (c == '"') {
      i = end_of_string(text, i);
      if (i == text.npos) return std::nullopt;
      continue;
    }
    if (c == '[' || c == '{') ++depth;
    const bool closes = c == ']' || c == '}';
    const bool last = closes && depth == 1;
    if (closes && depth == 0) return std::nullopt;
    if (closes) --depth;
    if ((c == ',' && depth == 1) || last) {
      parts.push_back(without_blanks(text.substr(start, i - start)));
      start = i + 1;
    }
    ++i;
    if (last && i < text.size()) return std::nullopt;  // something follows
  }
  if (parts.size() <= max && depth > 0) return std::nullopt;
  if (parts.size() == 1 && parts.front().empty()) parts.clear();
  return parts;
}

}  // namespace

std::optional<std::vector<std::string_view>> split_json_array(std::string_view text,
                                                              std::size_t max) {
  return parts_of(text, '[', ']', max);
}

std::optional<std::vector<std::pair<std::string_view, std::string_view>>> split_json_object(
    std::string_view text) {
  const auto parts = parts_of(text, '{', '}', text.size());
  if (!parts) return std::nullopt;
  std::vector<std::pair<std::string_view, std::string_view>> members;
  for (const auto part : *parts) {
    if (part.empty() || part.front() != '"') return std::nullopt;
    const auto end = end_of_string(part, 0);
    if (end == part.npos) return std::nullopt;
    const auto colon = part.find_first_not_of(blanks, end);
    if (colon == part.npos || part[colon] != ':') return std::nullopt;
    members.emplace_back(part.substr(0, end), without_blanks(part.substr(colon + 1)));
  }
  return members;
}

}  // namespace postrider::message
