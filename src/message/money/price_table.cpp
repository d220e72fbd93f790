#include "message/money/price_table.hpp"

#include <algorithm>
#include <utility>

namespace postrider::message {

namespace {

/// The order of rows: a carrier's own rows outrank those of any carrier, then the dearest wins.
std::pair<bool, domain::Money> rank(const PriceRow& row) {
  return {!row.carrier.empty(), row.per_part + row.fee};
}

}  // namespace

PriceTable::PriceTable(std::vector<PriceRow> rows, std::optional<domain::Money> unlisted)
    : unlisted_{unlisted} {
  for (auto& row : rows) {
    auto country = row.country;
    rows_.emplace(std::move(country), std::move(row));
  }
}

std::optional<PartPrice> PriceTable::part(std::string_view country,
                                          std::string_view carrier) const {
  const PriceRow* worst = nullptr;
  const auto [first, last] = rows_.equal_range(country);
  for (auto it = first; it != last; ++it) {
    const auto& row = it->second;
    if (!row.carrier.empty() && row.carrier != carrier) continue;
    if (worst == nullptr || rank(row) > rank(*worst)) worst = &row;
  }
  if (worst != nullptr) return PartPrice{worst->per_part + worst->fee, worst->date, worst->source};
  if (unlisted_) return PartPrice{*unlisted_, {}, {}};
  return std::nullopt;
}

std::optional<PriceRange> PriceTable::range(
    std::string_view carrier,
    const std::optional<std::set<std::string, std::less<>>>& countries) const {
  std::optional<PriceRange> found;
  const auto add = [&](const std::optional<PartPrice>& price) {
    if (!price) return;
    if (!found) found = PriceRange{price->per_part, price->per_part};
    found->lowest = std::min(found->lowest, price->per_part);
    found->highest = std::max(found->highest, price->per_part);
  };
  if (countries) {
    for (const auto& country : *countries) add(part(country, carrier));
    return found;
  }
  for (auto it = rows_.begin(); it != rows_.end(); it = rows_.upper_bound(it->first))
    add(part(it->first, carrier));
  if (unlisted_) add(PartPrice{*unlisted_, {}, {}});
  return found;
}

std::string_view PriceTable::newest() const {
  std::string_view date;
  for (const auto& [country, row] : rows_) date = std::max(date, std::string_view{row.date});
  return date;
}

std::size_t PriceTable::older_than(std::string_view date) const {
  return static_cast<std::size_t>(std::count_if(
      rows_.begin(), rows_.end(), [&](const auto& row) { return row.second.date < date; }));
}

}  // namespace postrider::message
