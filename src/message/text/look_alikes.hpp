// The table behind replacement.hpp: look-alikes in GSM-7 of characters outside it, where no rule of
// Unicode gives one. Immutable; safe to share.
#pragma once

#include <optional>
#include <string_view>

namespace postrider::message {

/// The text that a reader takes for `code`; empty for an invisible character; nullopt where the
/// table has none.
std::optional<std::string_view> look_alike(char32_t code);

}  // namespace postrider::message
