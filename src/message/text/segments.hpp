// How many SMS parts a text takes and where they are cut. GSM 03.38 §6.2.1 (default alphabet and
// extension table), 3GPP TS 23.040 §9.2.3.24.1 (concatenation: 153 septets or 67 UTF-16 units a
// part).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/attempt.hpp"

namespace postrider::message {

struct SegmentCount {
  domain::Encoding encoding = domain::Encoding::gsm7;
  int segments = 0;
  int units = 0;  // septets or UTF-16 code units, without the concatenation headers
};

/// `text` is valid UTF-8. An empty text takes one segment. Neither an escape pair nor a surrogate
/// pair is ever cut in two, nor a letter and its accents or an emoji and its modifiers, unless they
/// alone are longer than a part.
SegmentCount count_segments(std::string_view text);

/// The texts of the parts, in order; joined they give `text`.
std::vector<std::string> split_segments(std::string_view text);

/// True when every character is in the GSM 7-bit default alphabet or its extension table.
bool is_gsm7(std::string_view text);

}  // namespace postrider::message
