// Standard Webhooks signatures, version 1 (github.com/standard-webhooks/standard-webhooks,
// spec/standard-webhooks.md): HMAC-SHA256 over "id.timestamp.body", base64, behind "v1,". Messages
// to a carrier are signed with them, and its receipts checked. Pure and thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace postrider::adapters::http_carrier {

/// The key inside "whsec_<base64>", 24 to 64 octets. nullopt when the text is not such a secret.
std::optional<std::string> parse_secret(std::string_view text);

/// The value of the `webhook-signature` header. `key`: octets; `timestamp`: Unix seconds.
std::string sign(std::string_view key, std::string_view id, std::int64_t timestamp,
                 std::string_view body);

/// The three headers of a signed request, as they came. Empty stands for missing.
struct SignatureHeaders {
  std::string_view id;         // webhook-id
  std::string_view timestamp;  // webhook-timestamp
  std::string_view signature;  // webhook-signature: one or more, separated by blanks
};

/// The greatest distance of a timestamp from now, so that a captured request is soon of no use.
inline constexpr std::chrono::seconds signature_tolerance{300};

/// True when one of the signatures was made with one of the keys (two while a secret is rotated),
/// over exactly these bytes, at most `signature_tolerance` from `now`. Compares in constant time.
bool verify(std::span<const std::string> keys, const SignatureHeaders& headers,
            std::string_view body, domain::TimePoint now);

}  // namespace postrider::adapters::http_carrier
