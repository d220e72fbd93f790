// Octets as text: hexadecimal and percent-encoded, for signatures, forms and ids. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace postrider::adapters::aws::client {

/// Two lower-case hexadecimal digits an octet.
std::string hex(std::span<const unsigned char> octets);

/// The text with all characters as %XX, but the unreserved ones of RFC 3986 §2.3 and those of
/// `also_plain`.
std::string percent_encoded(std::string_view text, std::string_view also_plain);

}  // namespace postrider::adapters::aws::client
