// The second net under "no personal value in a log": what still looks like a phone number or an
// e-mail address in a string is taken out. The first net is the closed list of fields in
// ports/telemetry.hpp. Pure, so safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace postrider::message {

/// A value longer than this is cut (never within a UTF-8 character).
inline constexpr std::size_t longest_value = 128;

/// Runs of seven digits or more, with the separators that people write between them, become
/// "[number]"; words with an @ (or %40) become "[address]". What is left is cut to longest_value
/// bytes.
std::string redact(std::string_view value);

}  // namespace postrider::message
