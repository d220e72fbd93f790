#include "message/text/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace postrider::message {
namespace {

/// The Levenshtein distance of two short texts.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<NearestName> nearest_name(std::string_view word,
                                        std::span<const std::string_view> names) {
  std::optional<NearestName> nearest;
  for (const auto name : names) {
    const auto distance = edit_distance(word, name);
    if (!nearest || distance < nearest->distance) nearest = {name, distance};
  }
  return nearest;
}

}  // namespace postrider::message
