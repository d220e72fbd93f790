#include "message/redact.hpp"
#include "message/text/ascii.hpp"

#include <algorithm>

namespace postrider::message {
namespace {

// The shortest subscriber numbers with an area code have seven digits (E.164 gives no minimum).
constexpr int min_digits_of_number = 7;
// "+49 (0)151 / 123": more separators in a row than this are not one number.
constexpr int max_separators = 4;

constexpr bool may_separate_digits(char c) {
  return std::string_view{" -.()/+\t"}.find(c) != std::string_view::npos;
}

constexpr bool ends_address(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || std::string_view{"\"'<>()[],;:/?&="}.find(c) != std::string_view::npos;
}

std::size_t find_at_sign(std::string_view text, std::size_t from) {
  return std::min(text.find('@', from), text.find("%40", from));
}

std::string without_addresses(std::string_view text) {
  std::string kept;
  std::size_t done = 0;
  for (auto at = find_at_sign(text, 0); at != std::string_view::npos; at = find_at_sign(text, at)) {
    auto begin = at;
    while (begin > done && !ends_address(text[begin - 1])) --begin;
    auto end = at;
    while (end < text.size() && !ends_address(text[end])) ++end;
    kept.append(text.substr(done, begin - done)).append("[address]");
    done = end;
    at = end;
  }
  return kept.append(text.substr(done));
}

/// The end of the number that starts at `begin`; `begin` itself when no number starts there.
std::size_t end_of_number(std::string_view text, std::size_t begin) {
  int digits = 0;
  int separators = 0;
  std::size_t end = begin;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      ++digits;
      separators = 0;
      end = i + 1;
    } else if (!may_separate_digits(text[i]) || ++separators > max_separators) {
      break;
    }
  }
  return digits >= min_digits_of_number ? end : begin;
}

std::string without_numbers(std::string_view text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size();) {
    const bool starts = is_digit(text[i]) || text[i] == '+';
    const auto end = starts ? end_of_number(text, i) : i;
    if (end > i) {
      kept += "[number]";
      i = end;
      continue;
    }
    do kept += text[i++];
    while (i < text.size() && starts && is_digit(text[i]));  // a short number stays whole
  }
  return kept;
}

}  // namespace

std::string redact(std::string_view value) {
  std::string kept = without_numbers(without_addresses(value));
  if (kept.size() <= longest_value) return kept;
  auto end = longest_value;
  while (end > 0 && (static_cast<unsigned char>(kept[end]) & 0xC0) == 0x80) --end;
  kept.resize(end);
  return kept;
}

}  // namespace postrider::message
