// The table behind replacement.hpp: characters outside GSM-7 whose look-alike no rule of Unicode
// gives. Pure; immutable.
#pragma once

#include <optional>
#include <string_view>

namespace postrider::message {

/// What a reader takes for `code` without noticing; may be empty (characters nobody sees).
std::optional<std::string_view> look_alike(char32_t code);

}  // namespace postrider::message
