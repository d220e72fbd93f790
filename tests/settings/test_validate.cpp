// What a configuration as a whole is refused for: values that no shop can mean, settings that
// contradict each other, keys of the other home, and where paths point.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "settings/checks.hpp"
#include "settings/config_keys.hpp"
#include "settings/reference.hpp"
#include "settings/template_file.hpp"
#include "support/folder.hpp"

namespace postrider::settings {
namespace {

using support::Folder;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Validated : public testing::Test {
 protected:
  /// The complaint about a file with these lines; "" where there is none.
  std::string of(const std::string& toml, Home home = Home::machine) {
    const auto path = folder_.write("shop.toml", toml);
    try {
      validate(load_config({.file = path, .home = home}), true);
    } catch (const UsageError& e) {
      return e.what();
    }
    return "";
  }
  std::string of_texts(const std::string& toml) {
    folder_.write("texts.toml", toml);
    return of("[shop]\ntemplates = 'texts.toml'\n");
  }

  Folder folder_;
};

TEST_F(Validated, AmountsMeanWhatTheySay) {
  for (const auto* limit : {"50", "50.0", "'50'", "\"50.00\"", "5e1"})
    EXPECT_EQ(
        load_config({.file = folder_.write("c.toml", std::string{"sms.monthly_limit = "} + limit)})
            .config.sms.monthly_limit,
        domain::Money{50'000'000})
        << limit;
  EXPECT_EQ(
      load_config({.file = folder_.write("c.toml", "sms.max_price = 0.0743")}).config.sms.max_price,
      domain::Money{74'300});
}

TEST_F(Validated, AnAmountThatIsNoneSaysWhatWasReadAndWhy) {
  const std::pair<const char*, const char*> cases[] = {
      {"'50,00'", "comma"},      {"'1.000,50'", "comma"},       {"-1", "less than nothing"},
      {"'50 USD'", "no number"}, {"'$50'", "no number"},        {"''", "is empty"},
      {"1e15", "more than a"},   {"0.0000001", "six decimals"}, {"inf", "no number"},
      {"nan", "no number"},      {"true", "no number"},
  };
  for (const auto& [value, why] : cases)
    EXPECT_THAT(
        of("[sms]\nmonthly_limit = " + std::string{value} + "\n"),
        AllOf(HasSubstr("shop.toml:2: sms.monthly_limit must be an amount"), HasSubstr(why)))
        << value;
  EXPECT_THAT(of("[sms]\nmonthly_limit = [50]\n"),
              HasSubstr("shop.toml:2: sms.monthly_limit must"));
}

TEST_F(Validated, PlaceholdersOfTheTrackingLinkAreThoseThatThereAre) {
  EXPECT_EQ(of("shop.tracking_link = 'https://s.example/{order_id}/{status}'"), "");
  EXPECT_THAT(of("\nshop.tracking_link = 'https://s.example/{order}'"),
              AllOf(HasSubstr("shop.toml:2: shop.tracking_link"), HasSubstr("{order_id}?")));
  EXPECT_THAT(of("shop.tracking_link = 'https://s.example/{order_id'"), HasSubstr("a brace"));
  EXPECT_THAT(of("shop.tracking_link = 'https://s.example/order_id}'"), HasSubstr("a brace"));
  EXPECT_THAT(of("shop.tracking_link = 's.example/{order_id}'"), HasSubstr("https://"));
  EXPECT_THAT(of("shop.tracking_link = 'https://s.example/{}'"), HasSubstr("no value for {}"));
}

TEST_F(Validated, LocalesAreLanguages) {
  for (const auto* locale : {"de", "pt-BR", "pt_br", "en-US", "zh-Hant-TW", "nb"})
    EXPECT_EQ(of("shop.locale = '" + std::string{locale} + "'"), "") << locale;
  EXPECT_THAT(of("shop.locale = 'german'"),
              AllOf(HasSubstr("shop.toml:1: shop.locale"), HasSubstr("did you mean \"de\"?")));
  EXPECT_THAT(of("shop.locale = 'Français'"), HasSubstr("did you mean \"fr\"?"));
  EXPECT_THAT(of("shop.locale = 'xx'"), HasSubstr("is no locale"));
  EXPECT_THAT(of("shop.locale = ''"), HasSubstr("is no locale"));
  EXPECT_THAT(of_texts("[german.shipped]\nsms = 'x'\n"),
              AllOf(HasSubstr("texts.toml:1: [german]"), HasSubstr("\"de\"")));
}

TEST_F(Validated, AStatusWithASlipIsNoStatusOfItsOwn) {
  for (const auto* status :
       {"shiped", "deliverd", "confirmd", "Shiped", "cancled", "othr", "leter", "replacment"})
    EXPECT_THAT(of_texts("[de." + std::string{status} + "]\nsms = 'x'\n"),
                AllOf(HasSubstr("texts.toml:1: "), HasSubstr("did you mean [de.")))
        << status;
  for (const auto* status :
       {"review", "returned", "refunded", "delayed", "ready_for_pickup", "canceled"})
    EXPECT_EQ(of_texts("[de." + std::string{status} + "]\nsms = 'x'\n"), "") << status;
  EXPECT_EQ(of_texts("statuses = ['delivery']\n[de.delivery]\nsms = 'x'\n"), "");
  EXPECT_THAT(of_texts("[de.shipped]\nsmss = 'x'\n"), HasSubstr("did you mean \"sms\"?"));
  EXPECT_EQ(of_texts("[en.cancelled]\nsms = 'x'\n[en.canceled]\nsms = 'y'\n"), "");
  EXPECT_THAT(of_texts("[en.Canceled]\nsms = 'x'\n[en.canceled]\nsms = 'y'\n"),
              HasSubstr(" already, in another spelling"));
}

TEST_F(Validated, SendersAreNumbersOrShortNames) {
  for (const auto* sender : {"", "Shop", "+4915112345678", "12345", "My Shop 24"})
    EXPECT_EQ(of("sms.sender_id = '" + std::string{sender} + "'"), "") << sender;
  EXPECT_THAT(of("sms.sender_id = 'TheBestShopEver'"), HasSubstr("a name of 15 characters"));
  EXPECT_THAT(of("sms.sender_id = 'Größe'"), HasSubstr("shop.toml:1: sms.sender_id"));
  EXPECT_THAT(of("sms.sender_id = '49 1511'"), HasSubstr("neither a number nor a name"));
  EXPECT_THAT(of("sms.sender_id = '+4915112345678901'"), HasSubstr("more digits"));
  EXPECT_EQ(of("email.from = 'orders@shop.example'"), "");
  for (const auto* from : {"Shop <orders@shop.example", "Shop orders@shop.example", "Shop", "",
                           "Shop <orders>", "orders@shop.example>", "Shop <a@b.example> x"})
    EXPECT_THAT(of("email.from = '" + std::string{from} + "'"),
                HasSubstr("shop.toml:1: email.from"))
        << from;
}

TEST_F(Validated, APriceOfZeroIsMeant) {
  EXPECT_THAT(of("sms.price_per_part = 0"), HasSubstr("sms.flat_rate"));
  EXPECT_EQ(of("sms.price_per_part = 0\nsms.flat_rate = true"), "");
  const std::string head =
      "date = 2026-11-01\nsource = 's'\n[[price]]\ncountry = 'DE'\nper_part = ";
  folder_.write("prices.toml", head + "0\n");
  EXPECT_THAT(of("sms.prices = 'prices.toml'"),
              AllOf(HasSubstr("prices.toml:3: "), HasSubstr("flat_rate = true")));
  folder_.write("prices.toml", head + "0\nflat_rate = true\n");
  EXPECT_EQ(of("sms.prices = 'prices.toml'"), "");
  folder_.write("prices.toml", head + "0.0743\n");
  EXPECT_EQ(of("sms.prices = 'prices.toml'"), "");
}

TEST_F(Validated, ADateIsADayWhereverItStands) {
  const std::string row = "[[price]]\ncountry = 'DE'\nper_part = 0.07\n";
  for (const auto* date :
       {"'2026-13-01'", "'2026-02-30'", "'1.11.2026'", "'2026-11-1'", "20261101"}) {
    folder_.write("prices.toml", "date = " + std::string{date} + "\nsource = 's'\n" + row);
    EXPECT_THAT(of("sms.prices = 'prices.toml'"), HasSubstr("prices.toml:1: date")) << date;
  }
}

TEST_F(Validated, LimitsThatNothingFitsIntoAreRefused) {
  for (const auto* key : {"monthly_limit", "daily_limit", "max_price"})
    EXPECT_THAT(of("[sms]\n" + std::string{key} + " = 0.01\n"),
                AllOf(HasSubstr("shop.toml:2: sms."), HasSubstr("less than one part costs (0.05)")))
        << key;
  EXPECT_THAT(of("sms.monthly_limit = 0"), HasSubstr("sms.countries = \"\""));
  EXPECT_EQ(of("sms.monthly_limit = 0\nsms.countries = ''"), "") << "by e-mail alone";
  EXPECT_EQ(of("sms.daily_limit = 0\nsms.max_price = 0"), "") << "no limits";
}

TEST_F(Validated, AListWithoutAPriceOfTheShopsOwnCarrierIsRefused) {
  folder_.write("prices.toml",
                "date = 2026-11-01\nsource = 's'\n[[price]]\ncountry = 'DE'\nper_part = 0.08\n"
                "carrier = 'twilio'\n[[price]]\ncountry = 'US'\nper_part = 0.01\n"
                "carrier = 'SNS'\n");
  const std::string list = "email.from = 'a@shop.example'\nsms.prices = 'prices.toml'\n";
  EXPECT_THAT(of(list), HasSubstr("shop.toml:2: sms.prices has no price of simulator"));
  EXPECT_EQ(of(list, Home::aws), "");
  EXPECT_THAT(of(list + "sms.countries = 'DE'\n", Home::aws),
              HasSubstr("sms.prices has no price of sns for a country of sms.countries"));
  EXPECT_EQ(of(list + "sms.unlisted = 'worst_case'\nsms.price_per_part = 0.5\n"), "");
}

TEST_F(Validated, LimitsAreComparedWithThePricesThatCount) {
  folder_.write("prices.toml",
                "date = 2026-11-01\nsource = 's'\n[[price]]\ncountry = 'DE'\nper_part = 0.1\n"
                "[[price]]\ncountry = 'US'\nper_part = 0.01\n");
  const std::string list = "sms.prices = 'prices.toml'\nsms.max_price = 0.05\n";
  EXPECT_EQ(of(list), "");
  EXPECT_THAT(of(list + "sms.countries = 'DE'\n"),
              HasSubstr("sms.max_price is 0.05, less than one part costs (0.10)"));
}

TEST_F(Validated, ListsMayBeWrittenAsLists) {
  const auto loaded =
      load_config({.file = folder_.write("c.toml",
                                         "sms.countries = ['DE', 'AT']\nsms.promotional = "
                                         "['Review']\n")});
  EXPECT_THAT(*sms_countries(loaded.config), testing::ElementsAre("AT", "DE"));
  EXPECT_THAT(promotional_statuses(loaded.config), testing::ElementsAre("review"));
  EXPECT_THAT(of("sms.countries = [1]"), HasSubstr("shop.toml:1: sms.countries must be"));
  EXPECT_THAT(of("sms.workers = ['1']"), HasSubstr("shop.toml:1: sms.workers must be"));
}

TEST_F(Validated, LinksForCustomersCanBeFollowed) {
  for (const auto* link : {"https://", "mailto:", "mailto:foo", "https://x example/",
                           "http://x.example", "https://x.example/u?id={customer_id}"})
    EXPECT_THAT(of("email.unsubscribe_url = '" + std::string{link} + "'"),
                HasSubstr("shop.toml:1: email.unsubscribe_url"))
        << link;
  EXPECT_EQ(of("email.unsubscribe_url = 'mailto:bye@shop.example?subject=bye'"), "");
  EXPECT_THAT(of("shop.tracking_link = 'https://s.example/ {order_id}'"), HasSubstr("character"));
}

TEST_F(Validated, TextsThatCustomersWouldNotReadSoAreRefused) {
  EXPECT_THAT(of_texts("[de.shipped]\nsms = \"it'{order_id}\"\n"),
              AllOf(HasSubstr("texts.toml:2: "), HasSubstr("apostrophe")));
  EXPECT_EQ(of_texts("[de.shipped]\nsms = \"it''{order_id}\"\n"), "");
  const auto twice = of_texts("[de.shipped]\nsms = 'x'\n[DE.Shipped]\nsms = 'y'\n");
  EXPECT_THAT(twice, HasSubstr("stands in line "));
  const auto unknown = of_texts("[de.shipped]\nsms = 'x {orderid}'\n");
  EXPECT_THAT(unknown, HasSubstr("did you mean {order_id}?"));
  EXPECT_EQ(std::count(unknown.begin(), unknown.end(), '\n'), 0) << "told once: " << unknown;
}

TEST_F(Validated, SendersOfAwsAreItsOwnKind) {
  const std::string from = "email.from = 'a@shop.example'\nsms.sender_id = ";
  EXPECT_EQ(of(from + "'My-Shop24'", Home::aws), "");
  EXPECT_THAT(of(from + "'My Shop'", Home::aws), HasSubstr("which AWS refuses"));
  EXPECT_THAT(of(from + "'A,B'", Home::aws), HasSubstr("which AWS refuses"));
  EXPECT_THAT(of(from + "'+15551234567'", Home::aws), HasSubstr("sms.origination_identity"));
}

TEST_F(Validated, OnAwsFilesLieBesideTheSettings) {
  for (const auto* path : {"../prices.toml", "/etc/prices.toml", "./prices.toml", "a/prices.toml"})
    EXPECT_THAT(of("sms.prices = '" + std::string{path} + "'", Home::aws),
                HasSubstr("shop.toml:1: sms.prices = \"" + std::string{path} +
                          "\" must be the name of a file beside this one"));
}

TEST_F(Validated, AFunctionSkipsKeysOfANewerVersion) {
  const auto path = folder_.write("c.toml", "retention = '3d'\n[sms]\nfuture = 1\n[more]\nx = 2\n");
  const auto loaded = load_config({.file = path, .home = Home::aws, .skip_unknown = true});
  EXPECT_EQ(loaded.config.retention, std::chrono::days{3});
  EXPECT_THAT(loaded.skipped, testing::ElementsAre(HasSubstr("more"), HasSubstr("sms.future")));
  EXPECT_THROW(load_config({.file = path, .home = Home::aws}), UsageError);
}

TEST_F(Validated, CountriesAreCodes) {
  EXPECT_EQ(of("sms.countries = 'DE, AT CH'"), "");
  EXPECT_THAT(of("sms.countries = 'DE, Austria'"),
              AllOf(HasSubstr("shop.toml:1: sms.countries"), HasSubstr("did you mean \"AT\"?")));
  EXPECT_THAT(of("sms.countries = 'UK'"), HasSubstr("did you mean \"GB\"?"));
  EXPECT_THAT(of("shop.region = 'UK'"), HasSubstr("did you mean \"GB\"?"));
}

TEST_F(Validated, AKeyOfTheOtherHomeIsRefused) {
  for (const auto& key : config_keys()) {
    if (key.homes == Homes::both) continue;
    const auto other = key.homes == Homes::aws ? Home::machine : Home::aws;
    const bool bare = key.type == KeyType::integer || key.type == KeyType::fraction;
    const auto value = key.print(Config{});
    EXPECT_THAT(of(key.name + " = " + (bare ? value : "'" + value + "'"), other),
                HasSubstr("shop.toml:1: " + key.name + " is a setting of"))
        << key.name;
  }
  const std::string from = "email.from = 'orders@shop.example'\n";
  EXPECT_THAT(of(from + "sms.carrier = 'http'", Home::aws), HasSubstr("sns or end_user_messaging"));
  EXPECT_THAT(of("sms.carrier = 'sns'"), HasSubstr("simulator or http on one machine"));
  EXPECT_EQ(of(from + "sms.carrier = 'sns'", Home::aws), "");
  EXPECT_THAT(of(from + "sms.carrier = 'end_user_messaging'", Home::aws),
              HasSubstr("sms.origination_identity must name"));
  EXPECT_THAT(of("", Home::aws), HasSubstr("email.from (FROM_EMAIL) is not set"));
}

TEST_F(Validated, AFileOfBothHomesMeansTheSameInBoth) {
  const auto path = folder_.write("both.toml",
                                  "retention = '7d'\nemail.from = 'a@shop.example'\n"
                                  "[sms]\nmonthly_limit = 77\nquiet_hours = '21:00-08:00'\n");
  const auto machine = load_config({.file = path});
  const auto aws = load_config({.file = path, .home = Home::aws});
  for (const auto& key : config_keys())
    if (key.name != "sms.carrier") {
      EXPECT_EQ(key.print(machine.config), key.print(aws.config)) << key.name;
    }
}

TEST_F(Validated, TheFileWinsOverTheFunctionsEnvironment) {
  const std::map<std::string, std::string> variables{
      {"SMS_SPENDING_LIMIT", "20"},  {"RETENTION_DAYS", "7"},       {"SMS_TYPE", "Promotional"},
      {"FROM_EMAIL", "a@b.example"}, {"RECEIPT_WAIT_MINUTES", "9"}, {"SMS_COUNTRIES", ""}};
  const auto environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
  const auto path = folder_.write("c.toml", "retention = '3d'\n");
  const auto loaded = load_config({.file = path, .home = Home::aws, .environment = environment});
  EXPECT_EQ(loaded.config.sms.monthly_limit, domain::Money{20'000'000});
  EXPECT_EQ(loaded.config.retention, std::chrono::days{3});
  EXPECT_EQ(loaded.config.sms.type, "promotional");
  EXPECT_EQ(loaded.config.sms.receipt_wait, std::chrono::minutes{9});
  EXPECT_EQ(loaded.config.email.from, "a@b.example");
  EXPECT_TRUE(sms_countries(loaded.config)->empty()) << "an empty list is no country, not all";
  EXPECT_EQ(loaded.origins.at("sms.monthly_limit"), "SMS_SPENDING_LIMIT");
  EXPECT_EQ(loaded.origins.at("retention"), path + ":1");
}

TEST_F(Validated, AWrongVariableIsNamed) {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "RETENTION_DAYS" ? std::optional<std::string>{"a week"} : std::nullopt;
  };
  try {
    load_config({.home = Home::aws, .environment = environment});
    FAIL();
  } catch (const UsageError& e) {
    EXPECT_THAT(e.what(), HasSubstr("RETENTION_DAYS: retention must be a duration"));
  }
}

TEST_F(Validated, EveryVariableBringsItsValueBack) {
  for (const auto& key : config_keys()) {
    const auto value = variable_value(key, Config{});
    if (!value || key.name == "sms.carrier") continue;
    const auto environment = [&](const std::string& name) -> std::optional<std::string> {
      return name == key.variable ? value : std::nullopt;
    };
    EXPECT_EQ(key.print(load_config({.home = Home::aws, .environment = environment}).config),
              key.print(Config{}))
        << key.name;
  }
  Config config;
  config.retention = std::chrono::hours{36};
  EXPECT_FALSE(variable_value(*find_config_key("retention"), config)) << "no whole number of days";
}

TEST_F(Validated, PathsAreRelativeToTheFile) {
  std::filesystem::create_directories(folder_ / "conf");
  folder_.write("conf/texts.toml", "[de.shipped]\nsms = 'x'\n");
  const auto path =
      folder_.write("conf/shop.toml", "shop.templates = 'texts.toml'\ndata = '../db'\n");
  const auto loaded = load_config({.file = path});
  EXPECT_EQ(loaded.config.shop.templates, folder_ / "conf/texts.toml");
  EXPECT_EQ(loaded.config.data, folder_ / "db");
  EXPECT_EQ(load_config({.sets = {"data=db"}}).config.data, "db") << "of the command line";
}

TEST_F(Validated, APathThatMeantTheCurrentFolderIsNotQuietlyAnother) {
  const auto before = std::filesystem::current_path();
  std::filesystem::create_directories(folder_ / "conf");
  std::filesystem::create_directories(folder_ / "old-data");
  folder_.write("old-data/postrider.db", "");
  std::filesystem::create_directories(folder_ / "conf/old-data");  // empty: no store
  const auto path = folder_.write("conf/shop.toml", "data = 'old-data'\n");
  std::filesystem::current_path(folder_.path());
  std::string complaint;
  try {
    load_config({.file = path});
  } catch (const UsageError& e) {
    complaint = e.what();
  }
  const auto given = load_config({.file = path, .data = "elsewhere"}).config.data;
  folder_.write("conf/old-data/postrider.db", "");
  const auto found = load_config({.file = path}).config.data;
  std::filesystem::current_path(before);
  EXPECT_THAT(complaint, AllOf(HasSubstr("shop.toml:1: data"), HasSubstr(folder_ / "old-data")));
  EXPECT_EQ(given, "elsewhere");
  EXPECT_EQ(found, folder_ / "conf/old-data");
}

TEST_F(Validated, AFileThatCantBeReadSaysWhy) {
  EXPECT_THAT(of("shop.templates = 'none.toml'"), HasSubstr("shop.templates: "));
  std::filesystem::create_directories(folder_ / "prices.toml");
  EXPECT_THAT(of("sms.prices = 'prices.toml'"), HasSubstr("no file that can be read"));
}

TEST_F(Validated, EveryProblemHasALineOfItsOwn) {
  const auto text =
      of("shop.locale = 'german'\nsms.sender_id = 'TheBestShopEver'\n"
         "email.from = 'x'\nshop.templates = 'none.toml'\n");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
}

TEST_F(Validated, TheExampleFileSetsNothingAndEveryLineOfItCanBeUsed) {
  for (const auto home : {Home::machine, Home::aws}) {
    auto text = example_file(home);
    EXPECT_TRUE(load_config({.file = folder_.write("c.toml", text), .home = home}).origins.empty());
    // Each "# key = value" line, uncommented, is a setting with its default.
    std::string used;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100U) << line;
      const bool setting = line.starts_with("# ") && line.find(" = ") != line.npos &&
                           line.find(' ', 2) == line.find(" = ");
      used += (setting ? line.substr(2) : line) + "\n";
    }
    const auto loaded = load_config({.file = folder_.write("u.toml", used), .home = home});
    std::size_t keys = 0;
    for (const auto& key : config_keys()) keys += key.is_for(home) ? 1 : 0;
    EXPECT_EQ(loaded.origins.size(), keys);
    for (const auto& key : config_keys())
      if (key.type != KeyType::path) {
        EXPECT_EQ(key.print(loaded.config), default_of(key, home)) << key.name;
      }
  }
}

}  // namespace
}  // namespace postrider::settings
