#include "message/phone/region.hpp"

#include <gtest/gtest.h>
#include <unicode/locid.h>

namespace postrider::message {
namespace {

TEST(Region, EveryIsoCodeOfTwoAndThreeLettersIsKnown) {
  int countries = 0;
  for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
    EXPECT_EQ(region_of(*code), *code);
    EXPECT_EQ(region_of(icu::Locale("", *code).getISO3Country()), *code) << *code;
    ++countries;
  }
  EXPECT_GE(countries, 249);
}

TEST(Region, NamesAsShopsExportThem) {
  const std::pair<const char*, const char*> cases[] = {{"Germany", "DE"},
                                                       {" germany ", "DE"},
                                                       {"UK", "GB"},
                                                       {"USA", "US"},
                                                       {"United States", "US"},
                                                       {"United States of America", "US"},
                                                       {"Great Britain", "GB"},
                                                       {"England", "GB"},
                                                       {"Holland", "NL"},
                                                       {"The Netherlands", "NL"},
                                                       {"Russia", "RU"},
                                                       {"South Korea", "KR"},
                                                       {"Korea, Republic of", "KR"},
                                                       {"Czech Republic", "CZ"},
                                                       {"Czechia", "CZ"},
                                                       {"Ivory Coast", "CI"},
                                                       {"Côte d'Ivoire", "CI"},
                                                       {"Côte d’Ivoire", "CI"},
                                                       {"Turkey", "TR"},
                                                       {"Türkiye", "TR"},
                                                       {"Hong Kong", "HK"},
                                                       {"Vietnam", "VN"},
                                                       {"Viet Nam", "VN"},
                                                       {"Myanmar", "MM"},
                                                       {"Bosnia and Herzegovina", "BA"},
                                                       {"Bosnia & Herzegovina", "BA"},
                                                       {"Saint Lucia", "LC"},
                                                       {"St. Lucia", "LC"},
                                                       {"Curacao", "CW"},
                                                       {"U.S.A.", "US"},
                                                       {"uk", "GB"},
                                                       {"Kosovo", "XK"},
                                                       {"Österreich", "AT"},
                                                       {"España", "ES"},
                                                       {"Schweiz", "CH"}};
  for (const auto& [name, code] : cases) EXPECT_EQ(region_of(name), code) << name;
}

TEST(Region, AllCountriesOfTheNorthwindShopAreKnown) {
  for (const auto* name :
       {"Argentina", "Austria", "Belgium", "Brazil",      "Canada", "Denmark", "Finland",
        "France",    "Germany", "Ireland", "Italy",       "Mexico", "Norway",  "Poland",
        "Portugal",  "Spain",   "Sweden",  "Switzerland", "UK",     "USA",     "Venezuela"})
    EXPECT_TRUE(region_of(name)) << name;
}

TEST(Region, WhatIsNoCountryIsNone) {
  for (const auto* name :
       {"", "  ", "ZZ", "QQ", "Europe", "EU", "001", "Atlantis", "NULL", "D", "-"})
    EXPECT_FALSE(region_of(name)) << name;
  EXPECT_FALSE(region_of(std::string(5000, 'a')));
  EXPECT_FALSE(region_of("\xFF\xFE"));
}

}  // namespace
}  // namespace postrider::message
