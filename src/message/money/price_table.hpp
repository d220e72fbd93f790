// A table of the prices of one SMS part, by country and carrier: the highest price that the carrier
// may bill, because that much is reserved before a message goes out. Immutable once built and safe
// to share.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "domain/money.hpp"

namespace postrider::message {

/// One row of a carrier's price list.
struct PriceRow {
  std::string country;  // ISO 3166 alpha-2
  std::string carrier;  // that sends ("http"); empty: any
  std::string network;  // of the phone; a message's network is known only after its delivery
  domain::Money per_part;
  domain::Money fee;   // of the network, billed on top for each part
  std::string date;    // of the price list: "2026-11-01"
  std::string source;  // of the price list
};

/// The price of one part. Its texts are the PriceTable's own.
struct PartPrice {
  domain::Money per_part;  // with the fee
  std::string_view date;   // of the price list; empty: not from a list
  std::string_view source;
};

struct PriceRange {
  domain::Money lowest, highest;
};

class PriceTable {
 public:
  /// One price for every country.
  explicit PriceTable(domain::Money everywhere) : unlisted_{everywhere} {}
  /// `unlisted`: the price where no row fits; none: the price there is unknown.
  PriceTable(std::vector<PriceRow> rows, std::optional<domain::Money> unlisted);

  /// The price of the dearest network of `country` when `carrier` sends: by the carrier's own rows
  /// where it has some for the country, else by the rows of any carrier, else `unlisted`. Nothing:
  /// the price is unknown.
  std::optional<PartPrice> part(std::string_view country, std::string_view carrier) const;

  /// The lowest and the highest price of a part when `carrier` sends to `countries`; nothing: to
  /// all. Nothing where none of them has a price.
  std::optional<PriceRange> range(
      std::string_view carrier,
      const std::optional<std::set<std::string, std::less<>>>& countries) const;
  /// The date of the newest row; empty where there is no row.
  std::string_view newest() const;
  /// The rows with a date before `date`.
  std::size_t older_than(std::string_view date) const;
  std::size_t size() const { return rows_.size(); }

 private:
  std::multimap<std::string, PriceRow, std::less<>> rows_;  // by country
  std::optional<domain::Money> unlisted_;
};

}  // namespace postrider::message
