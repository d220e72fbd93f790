#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "programs/cli/commands.hpp"
#include "programs/terminal.hpp"
#include "settings/reference.hpp"

namespace postrider::programs {
namespace {

using settings::ConfigKey;

struct ConfigOptions {
  settings::ConfigSources sources;
  std::string file = "postrider.toml";  // to write
  bool json = false;
};

std::string origin_of(const settings::LoadedConfig& loaded, const ConfigKey& key) {
  const auto found = loaded.origins.find(key.name);
  return found == loaded.origins.end() ? "default" : found->second;
}

bool differs(const settings::LoadedConfig& loaded, const ConfigKey& key) {
  return key.print(loaded.config) != settings::default_of(key, loaded.home);
}

nlohmann::ordered_json config_json(const settings::LoadedConfig& loaded) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& key : settings::config_keys()) {
    if (!key.is_for(loaded.home)) continue;
    nlohmann::ordered_json entry{{"key", key.name},
                                 {"value", settings::shown_value(key, loaded.config)},
                                 {"default", settings::default_of(key, loaded.home)},
                                 {"differs", differs(loaded, key)},
                                 {"origin", origin_of(loaded, key)},
                                 {"type", settings::name(key.type)},
                                 {"variable", nullptr},
                                 {"doc", key.doc}};
    if (const auto value = settings::variable_value(key, loaded.config))
      entry["variable"] = {{"name", key.variable}, {"value", *value}};
    list.push_back(std::move(entry));
  }
  return list;
}

/// One setting in at most 80 columns, its name first, so that a program can cut the line: a value
/// that leaves no room for its origin has a line of its own, which a very long one fills.
std::string config_line(const settings::LoadedConfig& loaded, const ConfigKey& key) {
  constexpr std::size_t value_column = 30, origin_column = 54;
  const auto fill = [](std::string text, std::size_t column) {
    text.resize(std::max(text.size() + 1, column), ' ');
    return text;
  };
  const auto value = settings::shown_value(key, loaded.config);
  const auto shown = plain(value.empty() ? "\"\"" : value);
  const bool changed = differs(loaded, key);
  const auto set_by = origin_of(loaded, key);
  const auto origin = (changed ? "* " : "") + (changed || set_by != "default" ? set_by : "");
  auto line = fill(key.name, value_column);
  line += shown;
  if (origin.empty()) return line + "\n";
  const auto whole = fill(line, origin_column) + origin;
  if (whole.size() <= terminal_width) return whole + "\n";
  return line + "\n" + fill("", value_column) + origin + "\n";
}

void show_config(const ConfigOptions& o) {
  const auto loaded = settings::load_config(o.sources);
  if (o.json) {
    std::cout << dump(config_json(loaded)) << "\n";
    return;
  }
  for (const auto& section : settings::sections()) {
    std::string lines;
    for (const auto* key : section.keys)
      if (key->is_for(loaded.home)) lines += config_line(loaded, *key);
    if (lines.empty()) continue;
    std::cout << (section.name.empty() ? "" : "\n[" + section.name + "]\n") << lines;
  }
  std::cout << "\n* differs from the default. `postrider config init -` says what each is.\n";
}

void write_example(const ConfigOptions& o) {
  const auto text = settings::example_file(o.sources.home);
  if (o.file == "-") {
    std::cout << text;
    return;
  }
  // "x": a file that is there stays as it is.
  std::FILE* file = std::fopen(o.file.c_str(), "wx");
  if (file == nullptr)
    throw Refused{errno == EEXIST ? o.file + " is there already; it stays as it is"
                                  : "can't write " + o.file + ": " + std::strerror(errno)};
  const bool written = std::fputs(text.c_str(), file) >= 0;
  if (std::fclose(file) != 0 || !written)
    throw Refused{"can't write " + o.file + ": " + std::strerror(errno)};
  std::cout << o.file << ": every setting with its default, commented out; use it by --config "
            << o.file << "\n";
}

}  // namespace

void add_config_command(CLI::App& app, int& exit_code) {
  auto* config = app.add_subcommand("config", "The settings");
  config->require_subcommand(1);
  auto options = std::make_shared<ConfigOptions>();
  auto* command = config->add_subcommand(
      "show", "Show every setting, its value and, where something sets it, what");
  add_config_options(*command, options->sources);
  add_home_option(*command, options->sources);
  command->add_option("--listen", options->sources.listen, "HOST:PORT");
  command->add_flag("--json", options->json, "answer as JSON, for programs");
  command->callback([options, &exit_code] {
    show_config(*options);
    exit_code = exit_done;
  });
  auto init = std::make_shared<ConfigOptions>();
  auto* writer = config->add_subcommand("init", "Write a commented example of a settings file");
  writer->add_option("FILE", init->file, "file to write; - for standard output")
      ->capture_default_str();
  add_home_option(*writer, init->sources);
  writer->callback([init, &exit_code] {
    write_example(*init);
    exit_code = exit_done;
  });
}

}  // namespace postrider::programs
