#include "adapters/aws/client/sigv4.hpp"
#include "adapters/aws/client/encoding.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <span>

namespace postrider::adapters::aws::client {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return hex(std::span{digest}.first(size));
}

/// The code as octets, not as digits.
std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

/// The time as "20261124T210000Z".
std::string iso_basic(domain::TimePoint now) {
  const std::time_t seconds = domain::to_unix_ms(now) / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 20> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return {text.data(), size};
}

/// Every service but S3 has the path encoded once more than it is on the wire.
std::string canonical_path(std::string_view path) {
  return path.empty() ? "/" : percent_encoded(path, "/");
}

/// The value without blanks at its ends, and with one blank where there were several.
std::string canonical_value(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c != ' ' && c != '\t') {
      text += c;
    } else if (!text.empty() && text.back() != ' ') {
      text += ' ';
    }
  }
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

}  // namespace

Headers sign(const Unsigned& request, const Scope& scope, const Credentials& credentials,
             domain::TimePoint now) {
  const std::string time = iso_basic(now);
  const std::string day = time.substr(0, 8);
  Headers added{{"x-amz-date", time}};
  if (!credentials.session_token.empty())
    added.emplace_back("x-amz-security-token", credentials.session_token);

  Headers all = request.headers;
  all.insert(all.end(), added.begin(), added.end());
  std::sort(all.begin(), all.end());
  std::string lines;
  std::string names;
  for (const auto& [name, value] : all) {
    lines += name + ":" + canonical_value(value) + "\n";
    names += (names.empty() ? "" : ";") + name;
  }
  std::string canonical{request.method};
  canonical += "\n" + canonical_path(request.path) + "\n\n";  // the empty line: no query
  canonical += lines + "\n" + names + "\n" + sha256_hex(request.body);

  std::string where = day + "/";
  where += scope.region;
  where += "/";
  where += scope.service;
  where += "/aws4_request";
  std::string to_sign{algorithm};
  to_sign += "\n" + time + "\n" + where + "\n" + sha256_hex(canonical);

  std::string key = hmac_sha256("AWS4" + credentials.secret, day);
  key = hmac_sha256(key, scope.region);
  key = hmac_sha256(key, scope.service);
  key = hmac_sha256(key, "aws4_request");
  const std::string signature = hmac_sha256(key, to_sign);
  const std::string signature_hex =
      hex({reinterpret_cast<const unsigned char*>(signature.data()), signature.size()});
  added.emplace_back("authorization", std::string{algorithm} + " Credential=" + credentials.key_id +
                                          "/" + where + ", SignedHeaders=" + names +
                                          ", Signature=" + signature_hex);
  return added;
}

}  // namespace postrider::adapters::aws::client
