// The length of one character as its reader sees it (a grapheme cluster): a letter with its
// accents, an emoji with its modifiers, a flag. Pure. UAX #29 §3.1.1 (rules GB6 to GB13), on ICU's
// property tables; single code points: utf8.hpp.
#pragma once

#include <cstddef>
#include <string_view>

namespace postrider::message {

/// Bytes of the cluster that starts at `at`, which must be inside `text` (valid UTF-8).
std::size_t cluster_length(std::string_view text, std::size_t at);

}  // namespace postrider::message
