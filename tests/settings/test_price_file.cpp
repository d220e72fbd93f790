// The TOML file of a carrier's prices: its values and its mistakes.
#include "settings/price_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/folder.hpp"

namespace postrider::settings {
namespace {

using support::Folder;

using domain::Money;
using testing::HasSubstr;

constexpr const char* head = "date = '2026-11-01'\nsource = 'our contract'\n";

class PriceFileTest : public testing::Test {
 protected:
  Config with(const std::string& toml) {
    Config config;
    config.sms.prices = folder_.write("prices.toml", toml);
    return config;
  }
  static std::string complaint(const Config& config) {
    try {
      static_cast<void>(prices_of(config));
    } catch (const UsageError& e) {
      return e.what();
    }
    return "no error";
  }
  std::string complaint(const std::string& toml) { return complaint(with(toml)); }

  Folder folder_;
};

TEST_F(PriceFileTest, WithoutAFileEveryCountryCostsTheSame) {
  Config config;
  config.sms.price_per_part = Money{70'000};
  EXPECT_EQ(prices_of(config).part("DE", "")->per_part, Money{70'000});
  EXPECT_EQ(prices_of(config).part("", "")->per_part, Money{70'000});
}

TEST_F(PriceFileTest, RowsHaveTheDateAndSourceOfTheFileOrTheirOwn) {
  const auto table = prices_of(with(std::string{head} + R"(
[[price]]
country = "DE"
per_part = "0.0743"
[[price]]
country = "US"
network = "one"
per_part = "0.00645"
fee = "0.003"
date = "2026-10-15"
source = "https://example.com/prices"
)"));
  EXPECT_EQ(table.size(), 2U);
  EXPECT_EQ(table.part("DE", "http")->per_part, Money{74'300});
  EXPECT_EQ(table.part("DE", "http")->source, "our contract");
  EXPECT_EQ(table.part("US", "http")->per_part, Money{9'450});
  EXPECT_EQ(table.part("US", "http")->date, "2026-10-15");
  EXPECT_FALSE(table.part("FR", "http"));
}

TEST_F(PriceFileTest, UnlistedCountriesMayHaveTheWorstCase) {
  auto config = with(std::string{head} + "[[price]]\ncountry = 'DE'\nper_part = '0.08'\n");
  config.sms.unlisted = "worst_case";
  config.sms.price_per_part = Money{400'000};
  EXPECT_EQ(prices_of(config).part("FR", "http")->per_part, Money{400'000});
  config.sms.price_per_part = Money{79'999};
  EXPECT_THAT(complaint(config), HasSubstr("less than the dearest listed price"));
}

TEST_F(PriceFileTest, EachMistakeIsReportedWithItsLine) {
  const auto text = complaint(std::string{head} + R"(
[[price]]
country = "Germany"
per_part = 0.07
[[price]]
per_part = "0.07"
[[price]]
country = "FR"
[[price]]
country = "FR"
per_part = "-1"
colour = "red"
date = "2026-02-30"
)");
  for (const char* part :
       {":5: country = \"Germany\" is no two-letter country", ":7: country is missing",
        ":9: per_part is missing", ":13: per_part = \"-1\" is less than nothing",
        ":14: a price has no \"colour\"", ":15: date = \"2026-02-30\" is no day"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST_F(PriceFileTest, APriceWithoutDateOrSourceIsNone) {
  EXPECT_THAT(complaint("source = 's'\n[[price]]\ncountry = 'DE'\nper_part = '0.07'\n"),
              HasSubstr(":2: date is missing"));
  EXPECT_THAT(complaint("date = '2026-11-01'\n[[price]]\ncountry = 'DE'\nper_part = '0.07'\n"),
              HasSubstr(":2: source is missing"));
}

TEST_F(PriceFileTest, ACarrierIsOneThatThereIs) {
  const std::string row = "[[price]]\ncountry = 'DE'\nper_part = '0.07'\n";
  EXPECT_EQ(prices_of(with(head + row + "carrier = 'http'\n")).size(), 1U);
  EXPECT_THAT(complaint(head + row + "carrier = 'htp'\n"),
              HasSubstr(":6: carrier = \"htp\" is no carrier (did you mean \"http\"?)"));
}

TEST_F(PriceFileTest, TheSamePriceTwiceIsAMistake) {
  const std::string row = "[[price]]\ncountry = 'DE'\nper_part = '0.07'\n";
  EXPECT_THAT(complaint(head + row + row), HasSubstr("DE is listed twice"));
}

TEST_F(PriceFileTest, OtherFilesAreDistinguished) {
  EXPECT_THAT(complaint(""), HasSubstr("there is no price in it"));
  EXPECT_THAT(complaint("[price]\ncountry = 'DE'\n"), HasSubstr("[[price]] tables"));
  EXPECT_THAT(complaint("prices = 1\n"), HasSubstr("there is no \"prices\" here"));
  EXPECT_THAT(complaint("date = \n"), HasSubstr("prices.toml:1"));
  Config config;
  config.sms.prices = "/nowhere/prices.toml";
  EXPECT_THAT(complaint(config),
              HasSubstr("sms.prices: /nowhere/prices.toml: there is no such file"));
}

TEST(SmsCountries, AreAListOrAll) {
  Config config;
  EXPECT_FALSE(sms_countries(config));
  config.sms.countries = "DE, AT,CH";
  EXPECT_THAT(*sms_countries(config), testing::ElementsAre("AT", "CH", "DE"));
  config.sms.countries = "";
  EXPECT_TRUE(sms_countries(config)->empty());
}

}  // namespace
}  // namespace postrider::settings
