// The number of SMS parts (segments) that a text takes, and the places where it is cut. Pure, so
// safe from any thread. Sources: GSM 03.38 §6.2.1 (default alphabet and extension table), 3GPP TS
// 23.040 §9.2.3.24.1 (concatenation: 153 septets or 67 UTF-16 units a part).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/delivery/attempt.hpp"

namespace postrider::message {

struct SegmentCount {
  domain::Encoding encoding = domain::Encoding::gsm7;
  int segments = 0;
  int units = 0;  // septets or UTF-16 code units, without the concatenation headers
};

/// The parts of `text` (valid UTF-8). An empty text takes one segment. No escape pair, surrogate
/// pair or grapheme cluster (cluster.hpp) is cut in two, but a cluster that is longer than a part
/// is cut between its characters.
SegmentCount count_segments(std::string_view text);

/// The texts of the parts, in order; joined they give `text`.
std::vector<std::string> split_segments(std::string_view text);

/// True when every character is in the GSM 7-bit default alphabet or its extension table.
bool is_gsm7(std::string_view text);

}  // namespace postrider::message
