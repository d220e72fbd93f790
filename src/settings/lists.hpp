// Lists in one text: "DE, AT" or "review reminder". Pure.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <utility>

namespace postrider::settings {

/// The entries, which commas or blanks part: "a, b" → {"a", "b"}.
inline std::set<std::string, std::less<>> list_of(const std::string& text) {
  std::set<std::string, std::less<>> entries;
  std::string entry;
  for (const char ch : text + ",") {
    if (ch != ',' && ch != ' ') {
      entry += ch;
    } else if (!entry.empty()) {
      entries.insert(std::exchange(entry, {}));
    }
  }
  return entries;
}

}  // namespace postrider::settings
