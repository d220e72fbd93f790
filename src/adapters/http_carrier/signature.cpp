#include "adapters/http_carrier/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>

namespace postrider::adapters::http_carrier {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";
constexpr std::size_t shortest_key = 24;
constexpr std::size_t longest_key = 64;
constexpr std::size_t longest_secret = 128;

std::string base64(std::span<const unsigned char> octets) {
  std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets.data(),
                                   static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::string octets(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  octets.resize(static_cast<std::size_t>(size) - padding);
  return octets;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::optional<std::string> parse_secret(std::string_view text) {
  if (!text.starts_with(secret_prefix) || text.size() > longest_secret) return std::nullopt;
  auto key = from_base64(text.substr(secret_prefix.size()));
  if (!key || key->size() < shortest_key || key->size() > longest_key) return std::nullopt;
  return key;
}

std::string sign(std::string_view key, std::string_view id, std::int64_t timestamp,
                 std::string_view body) {
  std::string signed_text{id};
  signed_text += '.';
  signed_text += std::to_string(timestamp);
  signed_text += '.';
  signed_text += body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(),
       digest.data(), &size);
  return std::string{version_prefix} + base64(std::span{digest}.first(size));
}

bool verify(std::span<const std::string> keys, const SignatureHeaders& headers,
            std::string_view body, domain::TimePoint now) {
  if (headers.id.empty()) return false;
  std::int64_t timestamp = 0;
  const char* end = headers.timestamp.data() + headers.timestamp.size();
  const auto [rest, error] = std::from_chars(headers.timestamp.data(), end, timestamp);
  if (headers.timestamp.empty() || error != std::errc{} || rest != end) return false;
  const std::int64_t seconds_now = domain::to_unix_ms(now) / 1000;
  const std::int64_t tolerance = signature_tolerance.count();
  // Compared without a subtraction, which could overflow: a stranger wrote `timestamp`.
  if (timestamp < seconds_now - tolerance || timestamp > seconds_now + tolerance) return false;
  bool valid = false;
  for (const auto& key : keys) {
    const std::string expected = sign(key, headers.id, timestamp, body);
    std::string_view left = headers.signature;
    while (!left.empty()) {
      const auto blank = left.find(' ');
      if (same(left.substr(0, blank), expected)) valid = true;
      left.remove_prefix(blank == std::string_view::npos ? left.size() : blank + 1);
    }
  }
  return valid;
}

}  // namespace postrider::adapters::http_carrier
