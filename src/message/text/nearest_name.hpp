// The name that somebody may have meant by a word with a slip in it. Pure. How far a word may be
// from the name is the caller's choice.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace postrider::message {

struct NearestName {
  std::string_view name;     // one of those given
  std::size_t distance = 0;  // Levenshtein's: octets to change, insert or leave out
};

/// The first of `names` with the smallest distance to `word`; nullopt where `names` is empty. Takes
/// time in the product of their lengths: the caller cuts a word that may be long.
std::optional<NearestName> nearest_name(std::string_view word,
                                        std::span<const std::string_view> names);

}  // namespace postrider::message
