#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "programs/cli/commands.hpp"
#include "programs/cli/doctor.hpp"
#include "programs/cli/verify.hpp"
#include "programs/terminal.hpp"

namespace postrider::programs {
namespace {

struct DoctorOptions {
  settings::ConfigSources sources;
  bool json = false;
};

/// "warn  API keys       none: …", then "→ what to do", in 80 columns.
std::string lines_of(const Check& check) {
  constexpr std::size_t name_column = 6, text_column = 21;
  std::string line{name(check.health)};
  line.resize(name_column, ' ');
  line += check.name;
  line.resize(std::max(line.size() + 1, text_column), ' ');
  auto lines = folded(line + plain(check.finding), text_column);
  if (!check.todo.empty())
    lines += folded(std::string(text_column, ' ') + "→ " + plain(check.todo), text_column + 2);
  return lines;
}

int run_doctor(const DoctorOptions& o) {
  const auto checks = examine(o.sources);
  const bool able = std::none_of(checks.begin(), checks.end(),
                                 [](const Check& c) { return c.health == Health::fail; });
  if (o.json) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& c : checks)
      list.push_back(
          {{"name", c.name}, {"status", name(c.health)}, {"finding", c.finding}, {"todo", c.todo}});
    std::cout << dump({{"ok", able}, {"checks", list}}) << "\n";
  } else {
    for (const auto& c : checks) std::cout << lines_of(c);
  }
  return able ? exit_done : exit_refused;
}

int run_verify(const DoctorOptions& o) {
  const settings::Config config = settings::load_config(o.sources).config;
  const std::string path = settings::database_path(config);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) throw Refused{"there is no database at " + path};
  const auto violations = verify_database(config.data);
  if (!violations) throw Refused{"can't verify " + path + ": " + violations.error().what};
  if (o.json)
    std::cout << dump({{"ok", violations->empty()}, {"violations", *violations}}) << "\n";
  else if (violations->empty())
    std::cout << path << ": all invariants hold\n";
  else
    for (const auto& violation : *violations) std::cout << plain(violation) << "\n";
  return violations->empty() ? exit_done : exit_refused;
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DoctorOptions>();
  auto* command = app.add_subcommand("doctor", "Check whether this configuration is able to send");
  add_config_options(*command, options->sources);
  add_home_option(*command, options->sources);
  command->add_option("--listen", options->sources.listen, "HOST:PORT");
  command->add_flag("--json", options->json, "answer as JSON, for programs");
  command->callback([options, &exit_code] { exit_code = run_doctor(*options); });
}

void add_verify_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<DoctorOptions>();
  auto* command = app.add_subcommand("verify", "Check that all invariants hold in this database");
  add_config_options(*command, options->sources);
  command->add_flag("--json", options->json, "answer as JSON, for programs");
  command->callback([options, &exit_code] { exit_code = run_verify(*options); });
}

}  // namespace postrider::programs
