#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/config.hpp"
#include "settings/config_keys.hpp"
#include "support/folder.hpp"

namespace postrider::settings {
namespace {

using support::Folder;

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""h;
using testing::HasSubstr;

/// The error's text, or "no error".
template <class Function>
std::string complaint(const Function& function) {
  try {
    function();
  } catch (const UsageError& e) {
    return e.what();
  }
  return "no error";
}

std::string complaint_about_file(const std::string& toml) {
  const Folder folder;
  const auto path = folder.write("c.toml", toml);
  return complaint([&] { load_config({path, {}, {}, {}}); });
}

std::string complaint_about_set(const std::string& entry) {
  return complaint([&] { load_config({"", {entry}, {}, {}}); });
}

std::string complaint_about_whole(const std::vector<std::string>& sets, bool with_keys = false) {
  return complaint([&] { validate(load_config({"", sets, {}, {}}), with_keys); });
}

TEST(Configuration, WithoutAnythingIsValidAndSimulated) {
  const auto loaded = load_config({});
  const Config& config = loaded.config;
  EXPECT_EQ(complaint([&] { validate(loaded, false); }), "no error");
  EXPECT_EQ(config.listen, "127.0.0.1:8080");
  EXPECT_EQ(config.sms.carrier, "simulator");
  EXPECT_EQ(config.email.mailer, "outbox");
  EXPECT_EQ(config.sms.parts_per_second, 20);
  EXPECT_EQ(config.customer.per_hour, 10);
  EXPECT_EQ(config.sms.receipt_wait, 15min);
  EXPECT_EQ(config.sms.monthly_limit, domain::Money{1'000'000'000});
}

TEST(Configuration, DefaultsAreThePolicysOwn) {
  const domain::Policy ours = policy_of({});
  const domain::Policy theirs;
  EXPECT_EQ(ours.sms_not_after, theirs.sms_not_after);
  EXPECT_EQ(ours.receipt_wait, theirs.receipt_wait);
  EXPECT_EQ(ours.sms_lease, theirs.sms_lease);
  EXPECT_EQ(ours.email_lease, theirs.email_lease);
  EXPECT_EQ(ours.sms_tries, theirs.sms_tries);
  EXPECT_EQ(ours.sms_backoff, theirs.sms_backoff);
  EXPECT_EQ(ours.email_backoff, theirs.email_backoff);
  EXPECT_EQ(ours.email_give_up, theirs.email_give_up);
  EXPECT_EQ(ours.throttle_per_hour, theirs.throttle_per_hour);
  EXPECT_EQ(ours.retention, theirs.retention);
  EXPECT_EQ(ours.limits.monthly, theirs.limits.monthly);
  EXPECT_EQ(ours.limits.daily, theirs.limits.daily);
}

TEST(Configuration, ComesFromTheFileThenFromTheCommandLine) {
  const Folder folder;
  const auto path = folder.write("c.toml",
                                 "listen = '127.0.0.1:1'\nretention = '7d'\n"
                                 "[sms]\nworkers = 5\nprice_per_part = '0.07'\n"
                                 "[simulator]\nloss = 0.25\n");
  const auto loaded = load_config({path, {"sms.workers=6"}, "elsewhere", {}});
  EXPECT_EQ(loaded.config.sms.workers, 6);
  EXPECT_EQ(loaded.config.retention, 7 * 24h);
  EXPECT_EQ(loaded.config.sms.price_per_part, domain::Money{70'000});
  EXPECT_EQ(loaded.config.simulator.loss, 0.25);
  EXPECT_EQ(loaded.config.data, "elsewhere");
  EXPECT_EQ(loaded.origins.at("sms.workers"), "--set");
  EXPECT_EQ(loaded.origins.at("retention"), path + ":2");
  EXPECT_EQ(loaded.origins.at("data"), "--data");
  EXPECT_FALSE(loaded.origins.contains("shop.name"));
}

TEST(Configuration, AnUnknownKeyIsReportedWithItsLineAndTheNearestName) {
  const auto text = complaint_about_file("[sms]\n\nparts_per_secnd = 5\n");
  EXPECT_THAT(text, HasSubstr("c.toml:3: there is no setting \"sms.parts_per_secnd\""));
  EXPECT_THAT(text, HasSubstr("did you mean \"sms.parts_per_second\"?"));
  EXPECT_THAT(complaint_about_file("[smms]\nworkers = 1\n"), HasSubstr("c.toml:1: "));
  EXPECT_THAT(complaint_about_set("sms.worker=1"), HasSubstr("did you mean \"sms.workers\"?"));
}

TEST(Configuration, ASettingOfAnEarlierVersionSaysWhatTookItsPlaceAndStopsNoStart) {
  const Folder folder;
  const auto path = folder.write("c.toml", "retention = '7d'\n[email]\ntries = 6\nbatch = 7\n");
  for (const auto home : {Home::machine, Home::aws})
    for (const bool skip_unknown : {false, true}) {
      if (home == Home::aws) folder.write("c.toml", "retention = '7d'\n[email]\ntries = 6\n");
      const auto loaded = load_config({.file = path, .home = home, .skip_unknown = skip_unknown});
      EXPECT_EQ(loaded.config.retention, 7 * 24h);
      EXPECT_THAT(loaded.skipped, testing::IsEmpty());
      ASSERT_EQ(loaded.gone.size(), 1U);
      EXPECT_THAT(loaded.gone[0], HasSubstr(path + ":3: email.tries"));
      EXPECT_THAT(loaded.gone[0], HasSubstr("email.give_up took its place"));
    }
  EXPECT_EQ(load_config({.sets = {"email.tries=9"}}).gone.size(), 1U);
  for (const auto& key : config_keys()) EXPECT_EQ(successor_of(key.name), "") << key.name;
  EXPECT_NE(find_config_key(successor_of("email.tries")), nullptr);
}

TEST(Configuration, AValueOfTheWrongKindIsReportedWithItsLineAndTheExpectedKind) {
  EXPECT_THAT(complaint_about_file("\n[sms]\nworkers = 'two'\n"),
              HasSubstr("c.toml:3: sms.workers must be a whole number from 0 to 64"));
  EXPECT_THAT(complaint_about_file("[sms]\nworkers = 65\n"), HasSubstr("c.toml:2: sms.workers"));
  EXPECT_THAT(complaint_about_file("[sms]\nworkers = -1\n"), HasSubstr("c.toml:2: sms.workers"));
  EXPECT_THAT(complaint_about_file("listen = 8080\n"), HasSubstr("c.toml:1: listen must be"));
  EXPECT_THAT(complaint_about_file("[sms]\nprice_per_part = '0,05'\n"),
              HasSubstr("c.toml:2: sms.price_per_part must be an amount such as 50 or \"0.0743\", "
                        "with at most six decimals, not \"0,05\", which has a comma"));
  EXPECT_THAT(complaint_about_file("[sms]\nworkers = '2'\n"), HasSubstr("(without quotes)"));
  EXPECT_THAT(complaint_about_file("retention = 30\n"), HasSubstr("such as \"250ms\""));
  EXPECT_THAT(complaint_about_file("sms = 5\n"), HasSubstr("there is no setting \"sms\""));
  EXPECT_THAT(complaint_about_file("[simulator]\nloss = 1.5\n"), HasSubstr("from 0 to 1"));
  EXPECT_THAT(complaint_about_set("email.mailer=fax"), HasSubstr("one of outbox, smtp"));
  EXPECT_THAT(complaint_about_set("sms.workers"), HasSubstr("key=value"));
  EXPECT_THAT(complaint_about_set("shop.name=a\nb"), HasSubstr("without control characters"));
}

TEST(Configuration, BrokenTomlIsReportedWithItsLine) {
  EXPECT_THAT(complaint_about_file("[sms]\nworkers = \n"), HasSubstr("c.toml:2: "));
  EXPECT_THAT(complaint_about_file("[sms]\nworkers = 1\nworkers = 2\n"), HasSubstr("c.toml:3: "));
}

TEST(Configuration, EveryProblemIsReportedAtOnce) {
  const auto text = complaint_about_file("a = 1\nb = 2\n[sms]\nworkers = 'x'\n");
  for (const char* line : {":1: ", ":2: ", ":4: "}) EXPECT_THAT(text, HasSubstr(line));
}

TEST(Configuration, AMissingFileIsAnErrorNotADefault) {
  EXPECT_THAT(complaint([] {
                load_config({"/nowhere/c.toml", {}, {}, {}});
              }),
              HasSubstr("there is no such file"));
}

/// A valid value that is not the default.
std::string another_value(const ConfigKey& key) {
  switch (key.type) {
    case KeyType::duration:
      return key.name == "retention" || key.name == "prices.max_age" ? "2d" : "7s";
    case KeyType::money: return "0.123456";
    case KeyType::integer: return "4";
    case KeyType::fraction: return "0.375";
    case KeyType::choice: return key.expects.substr(key.expects.rfind(' ') + 1);
    case KeyType::flag: return "true";
    case KeyType::text:
    case KeyType::path: break;
  }
  return "some/text";
}

class EveryKey : public testing::TestWithParam<std::string> {};

TEST_P(EveryKey, IsReadBackAsItIsPrinted) {
  const ConfigKey& key = *find_config_key(GetParam());
  Config config;
  const std::string printed = key.print(config);
  ASSERT_TRUE(key.parse(config, printed)) << printed;
  EXPECT_EQ(key.print(config), printed);
  EXPECT_FALSE(key.doc.empty());
  ASSERT_NE(another_value(key), printed);

  // A value that is not the default arrives, by --set and from a file alike.
  const std::string other = another_value(key);
  const bool by_quotes =
      key.type != KeyType::integer && key.type != KeyType::fraction && key.type != KeyType::flag;
  const Folder folder;
  const auto path =
      folder.write("c.toml", key.name + " = " + (by_quotes ? "\"" + other + "\"" : other) + "\n");
  const auto home =
      key.homes == Homes::aws || other == "end_user_messaging" ? Home::aws : Home::machine;
  EXPECT_EQ(key.print(load_config({.sets = {key.name + "=" + other}, .home = home}).config), other);
  const auto from_file = key.type == KeyType::path ? folder / other : other;
  EXPECT_EQ(key.print(load_config({.file = path, .home = home}).config), from_file);
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& key : config_keys()) names.push_back(key.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(OfTheTable, EveryKey, testing::ValuesIn(all_names()), [](const auto& of) {
  std::string name = of.param;
  for (auto& c : name)
    if (c == '.') c = '_';
  return name;
});

TEST(ConfigurationAsAWhole, OffLoopbackNeedsKeys) {
  EXPECT_THAT(complaint_about_whole({"listen=0.0.0.0:8080"}), HasSubstr("postrider keys add"));
  EXPECT_EQ(complaint_about_whole({"listen=0.0.0.0:8080"}, true), "no error");
  EXPECT_EQ(complaint_about_whole({"listen=[::1]:8080"}), "no error");
  EXPECT_THAT(complaint_about_whole({"listen=8080"}), HasSubstr("HOST:PORT"));
}

TEST(ConfigurationAsAWhole, ChannelsNeedWhatTheySpeakTo) {
  EXPECT_THAT(complaint_about_whole({"sms.carrier=http"}), HasSubstr("http_carrier.url"));
  EXPECT_EQ(complaint_about_whole({"sms.carrier=http", "http_carrier.url=http://127.0.0.1:9/x"}),
            "no error");
  EXPECT_THAT(
      complaint_about_whole({"sms.carrier=http", "http_carrier.url=http://127.0.0.1:9/x"}, true),
      HasSubstr("http_carrier.secret_file"))
      << "with keys no unsigned receipt is taken, so every SMS would stay without one";
  EXPECT_EQ(complaint_about_whole({"sms.carrier=http", "http_carrier.url=http://127.0.0.1:9/x",
                                   "http_carrier.secret_file=/run/secret"},
                                  true),
            "no error");
  EXPECT_THAT(complaint_about_whole({"email.mailer=smtp"}), HasSubstr("smtp.host"));
  EXPECT_THAT(complaint_about_whole({"email.mailer=smtp", "smtp.host=h", "smtp.tls=none"}),
              HasSubstr("smtp.tls"));
  EXPECT_EQ(complaint_about_whole({"email.mailer=smtp", "smtp.host=127.0.0.1", "smtp.tls=none"}),
            "no error");
  EXPECT_EQ(complaint_about_whole({"email.mailer=smtp", "smtp.host=h", "smtp.timeout=2m"}),
            "no error");
  EXPECT_THAT(complaint_about_whole(
                  {"sms.carrier=http", "http_carrier.url=http://127.0.0.1:9/x", "sms.lease=19s"}),
              HasSubstr("twice http_carrier.timeout"));
  EXPECT_THAT(complaint_about_whole({"simulator.unknown=0.6", "simulator.throttle=0.6"}),
              HasSubstr("more than 1"));
  EXPECT_THAT(complaint_about_whole({"shop.region=Germany"}), HasSubstr("two-letter"));
}

TEST(Suggestions, AreWhatPeopleMean) {
  const std::pair<const char*, const char*> meant[] = {
      {"shop.data", "data"},
      {"http.listen", "listen"},
      {"shop.monthly_limit", "sms.monthly_limit"},
      {"SMS", "[sms]"},
      {"SMS_SPENDING_LIMIT", "sms.monthly_limit"},
      {"sms.daily", "sms.daily_limit"},
      {"sms.quiet", "sms.quiet_hours"},
      {"smtp.password", "smtp.password_file"},
      {"http_carrier.secret", "http_carrier.secret_file"},
      {"email.host", "smtp.host"},
      {"locale", "shop.locale"},
      {"prices", "sms.prices"},
      {"sms.from", "email.from"},
      {"sms.worker", "sms.workers"},
      {"sms.parts_per_secnd", "sms.parts_per_second"},
  };
  for (const auto& [written, key] : meant)
    EXPECT_THAT(suggestion(written), HasSubstr("\"" + std::string{key} + "\"")) << written;
  for (const auto* written : {"sms.laender", "sms.xyz", "colour"})
    EXPECT_EQ(suggestion(written), "") << written;
}

TEST(Secrets, AreReadFromFilesThatNobodyElseMayRead) {
  const Folder folder;
  const auto path = folder.write("secret", "top secret\r\n");
  std::filesystem::permissions(path, std::filesystem::perms{0640});
  const auto text = complaint([&] { (void)read_secret("smtp.password_file", path); });
  EXPECT_THAT(text, HasSubstr("smtp.password_file: others may read"));
  EXPECT_THAT(text, HasSubstr("chmod 600"));
  EXPECT_THAT(text, testing::Not(HasSubstr("top secret")));
  std::filesystem::permissions(path, std::filesystem::perms{0600});
  EXPECT_EQ(read_secret("smtp.password_file", path), "top secret");
}

TEST(Secrets, MustBeThereAndNotEmpty) {
  const Folder folder;
  const auto path = folder.write("secret", "\n");
  std::filesystem::permissions(path, std::filesystem::perms{0600});
  EXPECT_THAT(complaint([&] { (void)read_secret("k", path); }), HasSubstr("is empty"));
  EXPECT_THAT(complaint([&] { (void)read_secret("k", folder / "none"); }), HasSubstr("can't read"));
}

TEST(Secrets, InAnAddressAreNotShown) {
  const auto config =
      load_config({"", {"http_carrier.url=https://u:pw@h.example/x"}, {}, {}}).config;
  EXPECT_EQ(shown_value(*find_config_key("http_carrier.url"), config), "https://***@h.example/x");
}

}  // namespace
}  // namespace postrider::settings
