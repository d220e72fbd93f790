// The text of an SMS as it goes out: characters replaced where that saves segments, counted.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "message/replacement.hpp"
#include "message/segments.hpp"

namespace postrider::message {

struct SmsText {
  std::string text;
  SegmentCount count;
  SegmentCount plain;                                         // of the text as it was given
  std::vector<std::pair<std::string, std::string>> replaced;  // from, to: each pair once
};

/// `text` is valid UTF-8.
SmsText to_sms_text(std::string_view text, const ReplacementRules& rules = {});

}  // namespace postrider::message
