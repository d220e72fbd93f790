// The replacement of characters outside GSM-7 by look-alikes (typographic quotes, dashes, spaces,
// ligatures, accents that GSM-7 lacks), so that a text takes fewer segments. Pure, so safe from any
// thread. Only replacements that change nothing for the reader are made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "message/text/segments.hpp"

namespace postrider::message {

/// A text after the replacement, and what the replacement saved.
struct Replaced {
  std::string text;
  SegmentCount count;                                         // of `text`
  SegmentCount plain;                                         // of the text as it was given
  std::vector<std::pair<std::string, std::string>> replaced;  // from, to: each pair once
};

/// The replacements that one language allows.
struct ReplacementRules {
  enum class Letters : std::uint8_t {
    always,        // a letter may lose its accent: "ó" becomes "o"
    when_cheaper,  // only if that saves a segment
    never,         // only signs and spaces are replaced
  };
  Letters letters = Letters::always;
  std::u32string keep = {};  // characters that are never replaced
};

/// `text` (valid UTF-8) in GSM-7 where `rules` allow it. Links (http://…, https://…) are never
/// changed. The text stays as it is when one of its characters would still force UCS-2, or when the
/// replacement would take more segments.
Replaced replace_for_gsm7(std::string_view text, const ReplacementRules& rules = {});

}  // namespace postrider::message
