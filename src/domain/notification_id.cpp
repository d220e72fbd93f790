#include "domain/notification_id.hpp"

namespace postrider::domain {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

constexpr bool dash_follows(std::size_t byte) {
  return byte == 3 || byte == 5 || byte == 7 || byte == 9;
}

constexpr int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_string(const NotificationId& id) {
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    text += digits[id.bytes[i] >> 4];
    text += digits[id.bytes[i] & 15];
    if (dash_follows(i)) text += '-';
  }
  return text;
}

std::optional<NotificationId> parse_notification_id(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  NotificationId id;
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    const int high = nibble(text[at]);
    const int low = nibble(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
    at += 2;
    if (dash_follows(i) && text[at++] != '-') return std::nullopt;
  }
  return id;
}

std::uint64_t spread(const NotificationId& id, std::uint64_t salt, std::uint64_t bound) {
  std::uint64_t x = salt * 0x9e3779b97f4a7c15U;  // splitmix64's increment and finaliser
  for (const auto byte : id.bytes) x = (x ^ byte) * 0x100000001b3U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return (x ^ (x >> 31)) % bound;
}

}  // namespace postrider::domain
