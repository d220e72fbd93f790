// What one SMS part costs, by country and carrier: the worst that the carrier may bill, because
// that much is reserved before a message goes out. Immutable once built and safe to share.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/money.hpp"

namespace postrider::message {

struct PriceRow {
  std::string country;  // ISO 3166 alpha-2
  std::string carrier;  // who sends ("http"); empty: whoever does
  std::string network;  // whose phone it is; which one is not known before the message is there
  domain::Money per_part;
  domain::Money fee;   // of the network, billed on top for each part
  std::string date;    // "2026-11-01": of the list that it was taken from
  std::string source;  // of that list
};

struct PartPrice {
  domain::Money per_part;  // with the fee
  std::string_view date;   // empty: not from a list
  std::string_view source;
};

class PriceTable {
 public:
  /// One price for every country.
  explicit PriceTable(domain::Money everywhere) : unlisted_{everywhere} {}
  /// `unlisted`: the worst case where no row fits; none: such countries get no SMS.
  PriceTable(std::vector<PriceRow> rows, std::optional<domain::Money> unlisted);

  /// The dearest network of `country` by way of `carrier`: its own rows where it has some there,
  /// else those of no carrier. Nothing: the price is unknown.
  std::optional<PartPrice> part(std::string_view country, std::string_view carrier) const;

  /// The dearest row; nothing where there is none.
  std::optional<domain::Money> dearest() const;
  /// The date of the newest row; empty where there is none.
  std::string_view newest() const;
  std::size_t size() const { return rows_.size(); }

 private:
  std::multimap<std::string, PriceRow, std::less<>> rows_;  // by country
  std::optional<domain::Money> unlisted_;
};

}  // namespace postrider::message
