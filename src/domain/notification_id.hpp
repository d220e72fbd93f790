// The id of a notification: a UUID derived from shop, mode and key (message/identify.hpp), so that
// two machines that see the same event agree on it and a repeat is recognised by its id alone. A
// plain value.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace postrider::domain {

struct NotificationId {
  std::array<std::uint8_t, 16> bytes{};

  friend auto operator<=>(const NotificationId&, const NotificationId&) = default;
};

/// Lower-case RFC 9562 text, 36 characters.
std::string to_string(const NotificationId& id);

/// The id in a text of 36 characters, upper or lower case; nullopt for any other text.
std::optional<NotificationId> parse_notification_id(std::string_view text);

/// A number in [0, bound) that depends on the id and `salt` alone: spreads retries of different
/// notifications evenly without a source of randomness. `bound` > 0.
std::uint64_t spread(const NotificationId& id, std::uint64_t salt, std::uint64_t bound);

}  // namespace postrider::domain

template <>
struct std::hash<postrider::domain::NotificationId> {
  std::size_t operator()(const postrider::domain::NotificationId& id) const noexcept {
    std::size_t h = 0;
    for (std::size_t i = 0; i < sizeof h; ++i) h = h << 8 | id.bytes[i];
    return h;  // the bytes are a SHA-1 already
  }
};
