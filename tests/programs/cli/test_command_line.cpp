#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/sqlite/database/schema.hpp"
#include "programs/cli/command_line.hpp"
#include "programs/outcome.hpp"
#include "programs/serve/api_keys.hpp"
#include "settings/config_keys.hpp"
#include "support/folder.hpp"

namespace postrider::programs {
namespace {

using support::content_of;
using support::Folder;

using testing::HasSubstr;
using testing::Not;

struct Outcome {
  int code;
  std::string out;
  std::string err;
};

Outcome run(std::vector<std::string> arguments, const AddCommands& more = {}) {
  arguments.insert(arguments.begin(), "postrider");
  std::vector<const char*> argv;
  for (const auto& argument : arguments) argv.push_back(argument.c_str());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = run_command_line(static_cast<int>(argv.size()), argv.data(), more);
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

TEST(CommandLine, HelpAndVersionEndWell) {
  EXPECT_EQ(run({"--version"}).code, exit_done);
  EXPECT_THAT(run({"--version"}).out, HasSubstr("postrider "));
  const auto help = run({"--help"});
  EXPECT_EQ(help.code, exit_done);
  for (const char* command : {"serve", "import", "customers", "opt-outs", "notifications",
                              "dead-letters", "keys", "config", "explain", "doctor", "verify"})
    EXPECT_THAT(help.out, HasSubstr(command));
  EXPECT_EQ(run({"import", "--help"}).code, exit_done);
}

using Words = std::vector<std::string>;

/// Appends `command` and all commands below it.
void collect(const Words& command, const CLI::App& app, std::vector<Words>& commands) {
  commands.push_back(command);
  for (const auto* below : app.get_subcommands(nullptr)) {
    auto longer = command;
    longer.push_back(below->get_name());
    collect(longer, *below, commands);
  }
}

TEST(CommandLine, EveryHelpFitsEightyColumns) {
  std::vector<Words> commands;
  run({"--version"}, [&](CLI::App& app, int&) { collect({}, app, commands); });
  EXPECT_GT(commands.size(), 30U);
  for (auto& command : commands) {
    command.emplace_back("--help");
    std::istringstream lines{run(command).out};
    for (std::string line; std::getline(lines, line);) {
      const auto columns = std::count_if(line.begin(), line.end(),
                                         [](unsigned char c) { return (c & 0xc0) != 0x80; });
      EXPECT_LE(columns, 80) << testing::PrintToString(command) << ": " << line;
    }
  }
}

TEST(CommandLine, HelpTellsAnOptionOnce) {
  const auto help = run({"keys", "revoke", "--help"}).out;
  EXPECT_THAT(help, HasSubstr("the key's name"));
  EXPECT_EQ(help.find("the key's name"), help.rfind("the key's name")) << help;
}

TEST(CommandLine, AFileThatCannotBeReadSaysWhy) {
  const auto done = run({"import", "/nowhere/orders.csv"});
  EXPECT_EQ(done.code, exit_usage);
  EXPECT_THAT(done.err, HasSubstr("can't read /nowhere/orders.csv: No such file or directory"));
}

TEST(CommandLine, ACommandWithASlipIsNamedAndItsNeighbourToo) {
  const auto slip = run({"srve"});
  EXPECT_EQ(slip.code, exit_usage);
  EXPECT_THAT(slip.err, HasSubstr("no command \"srve\"; did you mean \"serve\"?"));
  const auto far = run({"launch", "--help"});
  EXPECT_EQ(far.code, exit_usage);
  EXPECT_THAT(far.err, HasSubstr("no command \"launch\" ("));
}

TEST(CommandLine, WhatIsNotUnderstoodEndsWithTwo) {
  EXPECT_EQ(run({}).code, exit_usage);
  EXPECT_EQ(run({"fly"}).code, exit_usage);
  EXPECT_EQ(run({"import"}).code, exit_usage);
  EXPECT_EQ(run({"import", "/nowhere.csv"}).code, exit_usage);
  EXPECT_EQ(run({"notifications", "list", "--limit", "0"}).code, exit_usage);
  EXPECT_EQ(run({"notifications", "list", "--server", "ftp://x"}).code, exit_usage);
  EXPECT_EQ(run({"config", "show", "--set", "nothing=1"}).code, exit_usage);
  EXPECT_EQ(run({"keys", "add", "--name", "x", "--kind", "other"}).code, exit_usage);
}

TEST(CommandLine, AnUnreachableServiceEndsWithOneAndAnAdvice) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"notifications", "show", "x"},
        {"dead-letters", "list"},
        {"customers", "show", "x"},
        {"opt-outs", "list"},
        {"dead-letters", "replay", "x"}}) {
    auto arguments = command;
    arguments.insert(arguments.end(), {"--server", "http://127.0.0.1:9"});
    const auto outcome = run(arguments);
    EXPECT_EQ(outcome.code, exit_refused) << command[0];
    EXPECT_THAT(outcome.err, HasSubstr("start it with `postrider serve`")) << command[0];
  }
  const Folder folder;
  const auto file = folder.write("o.ndjson", "{}\n");
  const auto outcome = run({"import", file, "--server", "http://127.0.0.1:9"});
  EXPECT_EQ(outcome.code, exit_refused);
  EXPECT_THAT(outcome.err, HasSubstr("postrider serve"));
  EXPECT_THAT(outcome.err, HasSubstr("run the same command again"));
}

TEST(CommandLine, AnUnexpectedExceptionEndsWithSeventy) {
  const auto outcome = run({"break"}, [](CLI::App& app, int&) {
    app.add_subcommand("break")->callback([] { throw std::runtime_error{"broken inside"}; });
  });
  EXPECT_EQ(outcome.code, exit_internal);
  EXPECT_THAT(outcome.err, HasSubstr("broken inside"));
}

TEST(ConfigShow, ListsEveryKeyWithItsValueAndOrigin) {
  const Folder folder;
  const auto path = folder.write("c.toml", "[shop]\nname = 'Shop'\n");
  const auto outcome =
      run({"config", "show", "--config", path, "--set", "sms.workers=7", "--json"});
  ASSERT_EQ(outcome.code, exit_done);
  const auto settings = nlohmann::json::parse(outcome.out);
  std::map<std::string, nlohmann::json> by_key;
  for (const auto& setting : settings) by_key[setting["key"]] = setting;
  for (const auto& key : settings::config_keys()) {
    if (!key.is_for(settings::Home::machine)) continue;
    ASSERT_TRUE(by_key.contains(key.name)) << key.name;
    EXPECT_EQ(by_key[key.name]["doc"], key.doc);
  }
  EXPECT_EQ(by_key["shop.name"]["value"], "Shop");
  EXPECT_EQ(by_key["shop.name"]["origin"], path + ":2");
  EXPECT_EQ(by_key["sms.workers"]["origin"], "--set");
  EXPECT_EQ(by_key["retention"]["origin"], "default");
  EXPECT_EQ(by_key["retention"]["value"], "30d");
}

TEST(ConfigShow, WhatItShowsIsItsOwnInput) {
  const auto settings = nlohmann::json::parse(run({"config", "show", "--json"}).out);
  std::vector<std::string> again{"config", "show", "--json"};
  for (const auto& setting : settings) {
    again.emplace_back("--set");
    again.push_back(setting["key"].get<std::string>() + "=" + setting["value"].get<std::string>());
  }
  const auto second = nlohmann::json::parse(run(again).out);
  for (std::size_t i = 0; i < settings.size(); ++i)
    EXPECT_EQ(second[i]["value"], settings[i]["value"]) << settings[i]["key"];
}

TEST(Keys, AreShownOnceListedWithoutSecretsAndRevoked) {
  const Folder folder;
  const auto data = folder / "data";
  const auto added = run({"keys", "add", "--name", "ci", "--kind", "test", "--data", data});
  ASSERT_EQ(added.code, exit_done);
  const std::string key = added.out.substr(0, added.out.find('\n'));
  EXPECT_THAT(key, testing::StartsWith("pr_test_"));
  EXPECT_THAT(content_of(data + "/keys.toml"), Not(HasSubstr(key.substr(8))));

  KeyRing ring{data + "/keys.toml"};
  ASSERT_TRUE(ring.reload());
  ASSERT_TRUE(ring.find(key));
  EXPECT_EQ(ring.find(key)->kind, domain::Mode::test);

  EXPECT_EQ(run({"keys", "add", "--name", "ci", "--data", data}).code, exit_refused);
  const auto listed = run({"keys", "list", "--data", data});
  EXPECT_THAT(listed.out, HasSubstr("ci"));
  EXPECT_THAT(listed.out, Not(HasSubstr(key.substr(8))));

  EXPECT_EQ(run({"keys", "revoke", "ci", "--data", data}).code, exit_done);
  ASSERT_TRUE(ring.reload());
  EXPECT_FALSE(ring.find(key));
  EXPECT_EQ(run({"keys", "revoke", "ci", "--data", data}).code, exit_refused);
  EXPECT_EQ(run({"keys", "add", "--name", "ci", "--data", data}).code, exit_done);
}

TEST(Doctor, SaysWhatIsMissingAndFailsWhenNothingCanBeSent) {
  const Folder folder;
  const auto fresh =
      run({"doctor", "--data", folder / "data", "--listen", "127.0.0.1:0", "--json"});
  const auto report = nlohmann::json::parse(fresh.out);
  EXPECT_EQ(fresh.code, exit_done) << fresh.out;
  EXPECT_EQ(report["ok"], true);
  std::vector<std::string> checked;
  for (const auto& check : report["checks"]) checked.push_back(check["name"]);
  EXPECT_THAT(checked, testing::ElementsAre("configuration", "data folder", "disk space",
                                            "database", "API keys", "port", "SMS carrier", "prices",
                                            "limits", "mailer"));

  folder.write("keys.toml", "[[key");
  ::chmod((folder / "keys.toml").c_str(), 0644);
  const auto open = run({"doctor", "--data", folder.path(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(open.code, exit_refused);
  EXPECT_THAT(open.out, HasSubstr("chmod 600"));
  EXPECT_EQ(run({"doctor", "--set", "email.mailer=smtp"}).code, exit_refused);
}

TEST(Doctor, ADatabaseThatCantBeReadFails) {
  const Folder folder;
  folder.write("postrider.db", "this is no database, whatever its name says");
  const auto outcome = run({"doctor", "--data", folder.path(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(outcome.code, exit_refused);
  EXPECT_THAT(outcome.out, testing::ContainsRegex("fail  database"));
}

TEST(Doctor, AnOlderDatabaseNeedsOnlyTheService) {
  const Folder folder;
  {
    const auto old = adapters::sqlite::Connection::open(folder / "postrider.db",
                                                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    ASSERT_TRUE(adapters::sqlite::migrate(**old, {}, 2));
  }
  const auto outcome = run({"doctor", "--data", folder.path(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(outcome.code, exit_done) << outcome.out;
  EXPECT_THAT(outcome.out, testing::ContainsRegex("warn  database"));
  EXPECT_THAT(outcome.out, HasSubstr("`postrider serve` upgrades it"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("backup")));
  const auto file = folder.write("o.csv", "order_id,customer_id,status\n1,c1,shipped\n");
  const auto import = run({"import", file, "--data", folder.path()});
  EXPECT_EQ(import.code, exit_refused);
  EXPECT_THAT(import.err, HasSubstr("start the service once"));
}

TEST(Doctor, NamesEachMistakeOfTheSettingsOnItsOwnLine) {
  const auto outcome = run({"doctor", "--set", "sms.batch=0", "--set", "email.batch=0"});
  EXPECT_EQ(outcome.code, exit_refused);
  EXPECT_THAT(outcome.out, testing::ContainsRegex("fail  configuration[^\n]*sms.batch"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("fail  configuration[^\n]*email.batch"));
}

TEST(Verify, WithoutADatabaseIsNotSuccess) {
  const Folder folder;
  EXPECT_EQ(run({"verify", "--data", folder.path()}).code, exit_refused);
}

TEST(Import, TheFileMayStandBehindAnyOption) {
  const Folder folder;
  const auto file = folder.write("o.csv", "order,who\n1,c1\n");
  for (const std::vector<std::string>& last : {std::vector<std::string>{"--map", "order_id=order"},
                                               {"--skip-if-missing", "who"},
                                               {"--set", "shop.name=Shop"}}) {
    std::vector<std::string> arguments{"import",          "--data",         folder.path(),
                                       "--map",           "order_id=order", "--map",
                                       "customer_id=who", "--const",        "status=shipped"};
    arguments.insert(arguments.end(), last.begin(), last.end());
    arguments.push_back(file);
    EXPECT_THAT(run(arguments).err, Not(HasSubstr("FILE is required"))) << last[0];
  }
}

TEST(Import, OptionsOfCsvAreRefusedForNdjson) {
  const Folder folder;
  const auto file = folder.write("o.ndjson", "{}\n");
  const auto outcome = run({"import", file, "--const", "status=x"});
  EXPECT_EQ(outcome.code, exit_usage);
  EXPECT_THAT(outcome.err, HasSubstr("for CSV files"));
}

TEST(Import, AColumnThatIsNotThereEndsBeforeAnythingIsSent) {
  const Folder folder;
  const auto file = folder.write("o.csv", "order_id,customer_id\n1,2\n");
  const auto outcome = run({"import", file, "--server", "http://127.0.0.1:9"});
  EXPECT_EQ(outcome.code, exit_usage);
  EXPECT_THAT(outcome.err, HasSubstr("no column gives status"));
}

}  // namespace
}  // namespace postrider::programs
