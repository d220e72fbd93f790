#include "message/money/price_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace postrider::message {
namespace {

using domain::Money;

PriceRow row(std::string country, std::int64_t micros, std::string carrier = "",
             std::string network = "") {
  return {std::move(country),
          std::move(carrier),
          std::move(network),
          Money{micros},
          {},
          "2026-11-01",
          "list"};
}

std::optional<std::int64_t> price(const PriceTable& table, std::string_view country,
                                  std::string_view carrier = "http") {
  const auto part = table.part(country, carrier);
  return part ? std::optional{part->per_part.micros} : std::nullopt;
}

TEST(PriceTable, TheDearestNetworkOfACountryCounts) {
  const PriceTable table{{row("US", 7'000, "", "one"), row("US", 9'000, "", "two"),
                          row("US", 8'000, "", "three"), row("DE", 95'000)},
                         std::nullopt};
  EXPECT_EQ(price(table, "US"), 9'000);
  EXPECT_EQ(price(table, "DE"), 95'000);
  EXPECT_EQ(table.range("http", std::nullopt)->lowest, Money{9'000});
  EXPECT_EQ(table.range("http", std::nullopt)->highest, Money{95'000});
}

TEST(PriceTable, TheRangeIsOfTheCarrierAndTheCountriesThatCount) {
  using Countries = std::set<std::string, std::less<>>;
  const PriceTable table{{row("US", 9'000), row("DE", 95'000), row("FR", 1'000, "other")},
                         std::nullopt};
  EXPECT_EQ(table.range("http", std::nullopt)->lowest, Money{9'000}) << "not the other carrier's";
  EXPECT_EQ(table.range("http", Countries{"US", "PL"})->highest, Money{9'000});
  EXPECT_FALSE(table.range("http", Countries{"FR", "PL"}));
  const PriceTable worst{{row("US", 9'000)}, Money{500'000}};
  EXPECT_EQ(worst.range("http", std::nullopt)->highest, Money{500'000});
}

TEST(PriceTable, TheFeeOfTheNetworkIsAdded) {
  auto with_fee = row("US", 7'000, "", "one");
  with_fee.fee = Money{5'000};
  const PriceTable table{{with_fee, row("US", 9'000, "", "two")}, std::nullopt};
  EXPECT_EQ(price(table, "US"), 12'000);
}

TEST(PriceTable, ACarriersOwnRowsGoBeforeThoseOfAnyCarrier) {
  for (const bool own_first : {true, false}) {
    std::vector rows{row("DE", 95'000), row("DE", 60'000, "http"), row("DE", 70'000, "http", "two"),
                     row("FR", 50'000)};
    if (own_first) std::reverse(rows.begin(), rows.end());
    const PriceTable table{rows, std::nullopt};
    EXPECT_EQ(price(table, "DE", "http"), 70'000);
    EXPECT_EQ(price(table, "DE", "smpp"), 95'000);
    EXPECT_EQ(price(table, "FR", "http"), 50'000);
  }
}

TEST(PriceTable, AnUnlistedCountryHasTheWorstCaseOrNone) {
  EXPECT_EQ(price(PriceTable({row("DE", 95'000)}, std::nullopt), "FR"), std::nullopt);
  EXPECT_EQ(price(PriceTable({row("DE", 95'000)}, std::nullopt), ""), std::nullopt);
  EXPECT_EQ(price(PriceTable({row("DE", 95'000)}, Money{400'000}), "FR"), 400'000);
  EXPECT_EQ(price(PriceTable(Money{50'000}), "FR"), 50'000);
  EXPECT_EQ(price(PriceTable({row("DE", 95'000, "smpp")}, std::nullopt), "DE", "http"),
            std::nullopt);
}

TEST(PriceTable, NamesTheSourceOfAPrice) {
  const PriceTable table{{row("DE", 95'000)}, Money{400'000}};
  EXPECT_EQ(table.part("DE", "")->date, "2026-11-01");
  EXPECT_EQ(table.part("DE", "")->source, "list");
  EXPECT_EQ(table.part("FR", "")->date, "");
}

}  // namespace
}  // namespace postrider::message
