// Octets as text, as signatures, forms and ids have them. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace postrider::adapters::aws::client {

/// Two lower-case digits an octet.
std::string hex(std::span<const unsigned char> octets);

/// All but the unreserved characters of RFC 3986 §2.3 and those of `also_plain` as %XX.
std::string percent_encoded(std::string_view text, std::string_view also_plain);

}  // namespace postrider::adapters::aws::client
