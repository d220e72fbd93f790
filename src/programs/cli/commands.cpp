#include "programs/cli/commands.hpp"

#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "programs/store_access/aws_store.hpp"
#include "programs/store_access/local_store.hpp"
#include "programs/terminal.hpp"
#include "settings/units.hpp"

namespace postrider::programs {
void refuse_without_effect(const CLI::App& command, const ServerOptions& options) {
  const bool of_stack = !command.get_option("--aws")->empty();
  const bool of_store = options.sources.data.has_value();
  const auto refuse = [&](const char* name, const char* why) {
    if (!command.get_option(name)->empty()) throw UsageError{std::string{name} + why};
  };
  if (of_stack && options.aws_stack.empty()) throw UsageError{"--aws: the stack has no name"};
  constexpr const char* deployed = ": with --aws the settings are those that are deployed";
  constexpr const char* of_service =
      ": a service has settings of its own; add --data for the store";
  if (of_stack || !of_store)
    for (const auto* name : {"--config", "--set"}) refuse(name, of_stack ? deployed : of_service);
  if (of_stack || of_store) refuse("--key-file", ": only a service asks for a key");
}

void take_variable(std::string& value, const CLI::Option& option, const char* variable) {
  const char* text = std::getenv(variable);
  if (option.empty() && text != nullptr && *text != '\0') value = text;
}

void add_server_options(CLI::App& command, ServerOptions& options) {
  command.add_flag("--json", options.json, "answer as JSON, for programs");
  auto* server = command
                     .add_option("--server", options.server,
                                 "address of the service; else that of POSTRIDER_SERVER")
                     ->capture_default_str();
  auto* key = command.add_option("--key-file", options.key_file,
                                 "file (mode 0600) with the API key; else POSTRIDER_KEY holds it");
  auto* data = add_config_options(command, options.sources);
  data->description("folder of the store; while a service runs, only for reading");
  auto* aws = command.add_option("--aws", options.aws_stack,
                                 "name of a deployed stack; credentials and region as AWS's tools "
                                 "read them from the environment");
  for (auto* option : {server, key}) option->group("Through a running service");
  aws->group("In the tables on AWS, with the settings that are deployed");
  for (const auto* name : {"--data", "--config", "--set"})
    command.get_option(name)->group("In the store itself");
  command.parse_complete_callback([&command, &options, server, data, aws] {
    if (!server->empty() + !data->empty() + !aws->empty() > 1)
      throw UsageError{"--server, --data and --aws: choose one"};
    refuse_without_effect(command, options);
    // Variables may be meant for other commands: none contradicts an option.
    take_variable(options.server, *server, "POSTRIDER_SERVER");
    take_variable(options.sources.file, *command.get_option("--config"), "POSTRIDER_CONFIG");
  });
}

std::unique_ptr<Client> make_client(const ServerOptions& options) {
  if (!options.sources.data && options.aws_stack.empty()) return make_http_client(options);
  if (!options.aws_stack.empty()) return open_aws_client(options.aws_stack);
  const auto loaded = settings::load_config(options.sources);
  settings::validate(loaded, true);
  return open_local_client(loaded.config);
}

std::unique_ptr<HttpClient> make_http_client(const ServerOptions& options) {
  std::string key;
  if (!options.key_file.empty())
    key = settings::read_secret("--key-file", options.key_file);
  else if (const char* from_environment = std::getenv("POSTRIDER_KEY"))
    key = from_environment;
  if (!key.empty() && options.server.starts_with("http://") &&
      !settings::is_loopback(settings::host_of_url(options.server)))
    std::cerr << "warning: the API key travels unencrypted to " << options.server << "\n";
  return std::make_unique<HttpClient>(options.server, key);
}

void add_repeated_option(CLI::App& command, const char* name, std::vector<std::string>& values,
                         const char* doc) {
  command.add_option(name, values, doc)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* add_config_options(CLI::App& command, settings::ConfigSources& sources) {
  auto* file = command.add_option("--config", sources.file,
                                  "configuration file (TOML); else that of POSTRIDER_CONFIG");
  file->check([](const std::string& path) {
    return path.empty() ? std::string{"the file has no name"} : std::string{};
  });
  command.parse_complete_callback(
      [&sources, file] { take_variable(sources.file, *file, "POSTRIDER_CONFIG"); });
  add_repeated_option(command, "--set", sources.sets,
                      "key=value, wins over the file; may be repeated");
  return command.add_option("--data", sources.data, "folder of the database, outbox and keys");
}

void add_home_option(CLI::App& command, settings::ConfigSources& sources) {
  command
      .add_option_function<std::string>(
          "--home",
          [&sources](const std::string& home) {
            sources.home = home == "aws" ? settings::Home::aws : settings::Home::machine;
          },
          "where the settings are for; without it, one machine")
      ->check(CLI::IsMember({"machine", "aws"}));
}

nlohmann::ordered_json ask(Client& client, const std::string& method, const std::string& path,
                           std::string_view body) {
  const HttpAnswer answer = client.call(method, path, body);
  if (answer.status < 200 || answer.status > 299) throw Refused{explain_problem(answer)};
  if (answer.body.empty()) return nlohmann::ordered_json::object();
  auto parsed = nlohmann::ordered_json::parse(answer.body, nullptr, false);
  if (parsed.is_discarded())
    throw Refused{client.place() + " gave an answer that is not JSON: is it Postrider?"};
  return parsed;
}

std::string with_query(const std::string& path,
                       const std::vector<std::pair<std::string, std::string>>& query) {
  std::string full = path;
  char join = '?';
  for (const auto& [field, value] : query) {
    if (value.empty()) continue;
    full += join + field + "=" + url_encode(value);
    join = '&';
  }
  return full;
}

}  // namespace postrider::programs
