// A reader of countries as shops export them ("Germany", "UK", "USA", "DEU"): English names by ICU,
// alpha-2 and alpha-3 codes, and a few names that people use. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postrider::message {

/// The ISO 3166 alpha-2 code of `country`; nullopt when the country is not known. Case, accents and
/// surrounding spaces do not matter.
std::optional<std::string> region_of(std::string_view country);

}  // namespace postrider::message
