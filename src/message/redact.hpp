// A filter for log values that takes out what looks like a phone number or an e-mail address. Pure,
// so safe from any thread. It is the second guard of personal values: the first one is the closed
// list of fields in ports/telemetry.hpp.
#pragma once

#include <string>
#include <string_view>

namespace postrider::message {

/// The longest value that is logged, in bytes. A longer one is cut, never within a character.
inline constexpr std::size_t longest_value = 128;

/// `value` as it may be logged: runs of seven digits or more, with the separators that people write
/// between them, become "[number]"; words with an @ (or %40) become "[address]"; the result is cut
/// to longest_value bytes. `value` is UTF-8.
std::string redact(std::string_view value);

}  // namespace postrider::message
