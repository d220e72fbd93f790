#include <iostream>
#include <nlohmann/json.hpp>

#include "programs/cli/commands.hpp"
#include "programs/terminal.hpp"
#include "settings/config_keys.hpp"

namespace postrider::programs {
namespace {

struct ConfigOptions {
  settings::ConfigSources sources;
  bool json = false;
};

void show_config(const ConfigOptions& o) {
  const settings::LoadedConfig loaded = settings::load_config(o.sources);
  nlohmann::ordered_json settings = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> rows{{"SETTING", "VALUE", "FROM", "WHAT IT IS"}};
  for (const auto& key : settings::config_keys()) {
    const auto origin = loaded.origins.find(key.name);
    const std::string from = origin == loaded.origins.end() ? "default" : origin->second;
    const std::string value = settings::shown_value(key, loaded.config);
    rows.push_back({key.name, value.empty() ? "\"\"" : value, from, key.doc});
    settings.push_back({{"key", key.name}, {"value", value}, {"origin", from}, {"doc", key.doc}});
  }
  std::cout << (o.json ? dump(settings) + "\n" : table(rows));
}

}  // namespace

void add_config_command(CLI::App& app, int& exit_code) {
  auto* config = app.add_subcommand("config", "The settings");
  config->require_subcommand(1);
  auto options = std::make_shared<ConfigOptions>();
  auto* command = config->add_subcommand("show", "Show every setting, its value and its source");
  add_config_options(*command, options->sources);
  command->add_option("--listen", options->sources.listen, "HOST:PORT");
  command->add_flag("--json", options->json, "answer as JSON, for programs");
  command->callback([options, &exit_code] {
    show_config(*options);
    exit_code = exit_done;
  });
}

}  // namespace postrider::programs
