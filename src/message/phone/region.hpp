// Country names, alpha-2 and alpha-3 codes as shops export them ("Germany", "UK", "USA", "DEU")
// become ISO 3166 alpha-2 codes, with ICU's English names and a few names that people use.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postrider::message {

/// nullopt when it is no country that we know. Case and surrounding spaces do not matter.
std::optional<std::string> region_of(std::string_view country);

}  // namespace postrider::message
