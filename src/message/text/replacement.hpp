// Characters outside GSM-7 become look-alikes where the reader loses nothing (typographic quotes,
// dashes, spaces, ligatures, accents that GSM-7 lacks), so that a text costs fewer segments.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "message/text/segments.hpp"

namespace postrider::message {

struct Replaced {
  std::string text;
  SegmentCount count;
  SegmentCount plain;                                         // of the text as it was given
  std::vector<std::pair<std::string, std::string>> replaced;  // from, to: each pair once
};

/// What one language allows.
struct ReplacementRules {
  enum class Letters : std::uint8_t {
    always,        // a letter may lose its accent: "ó" becomes "o"
    when_cheaper,  // only if that saves a segment
    never,         // signs and spaces alone are replaced
  };
  Letters letters = Letters::always;
  std::u32string keep = {};  // characters that are never replaced
};

/// Links (http://…, https://…) are never touched. When one character would still force UCS-2, the
/// original comes back unchanged: no half replacement. `text` is valid UTF-8.
Replaced replace_for_gsm7(std::string_view text, const ReplacementRules& rules = {});

}  // namespace postrider::message
