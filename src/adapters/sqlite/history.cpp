#include "adapters/sqlite/history.hpp"

#include <array>
#include <charconv>

namespace postrider::adapters::sqlite {
namespace {

using domain::State;

template <class Number>
void append_number(std::string& line, Number number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  line.append(digits.data(), end);
  line += ' ';
}

/// Cuts `text` up to `separator` off and returns it; nullopt when there is none.
std::optional<std::string_view> cut(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  if (end == std::string_view::npos) return std::nullopt;
  const auto part = text.substr(0, end);
  text.remove_prefix(end + 1);
  return part;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<State> state_of(std::string_view text) {
  const auto number = number_of<unsigned>(text);
  if (!number || *number >= domain::state_count) return std::nullopt;
  return static_cast<State>(*number);
}

std::optional<domain::HistoryEntry> parse_line(std::string_view line) {
  const auto at = cut(line, ' ');
  const auto from = cut(line, ' ');
  const auto to = cut(line, ' ');
  if (!at || !from || !to) return std::nullopt;
  const auto ms = number_of<std::int64_t>(*at);
  const auto to_state = state_of(*to);
  const auto from_state = state_of(*from);
  if (!ms || !to_state || (!from_state && *from != "-")) return std::nullopt;
  return domain::HistoryEntry{domain::from_unix_ms(*ms), from_state, *to_state, std::string{line}};
}

}  // namespace

void write_history_line(std::string& line, domain::TimePoint at, std::optional<State> from,
                        State to, std::string_view cause) {
  line.clear();
  append_number(line, domain::to_unix_ms(at));
  if (from) {
    append_number(line, static_cast<int>(*from));
  } else {
    line += "- ";
  }
  append_number(line, static_cast<int>(to));
  for (const char c : cause) line += c == '\n' ? ' ' : c;
  line += '\n';
}

std::optional<std::vector<domain::HistoryEntry>> parse_history(std::string_view text) {
  std::vector<domain::HistoryEntry> entries;
  while (!text.empty()) {
    const auto line = cut(text, '\n');
    if (!line) return std::nullopt;
    auto entry = parse_line(*line);
    if (!entry) return std::nullopt;
    entries.push_back(std::move(*entry));
  }
  return entries;
}

}  // namespace postrider::adapters::sqlite
