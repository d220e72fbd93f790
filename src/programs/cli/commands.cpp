#include "programs/cli/commands.hpp"

#include <cstdlib>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "programs/store_access/aws_store.hpp"
#include "programs/store_access/local_store.hpp"
#include "programs/terminal.hpp"
#include "settings/units.hpp"

namespace postrider::programs {
namespace {

/// True where the command line has the option; what its variable says may be meant for other
/// commands.
bool said(const CLI::Option& option, const char* variable) {
  return !option.empty() && std::getenv(variable) == nullptr;
}

}  // namespace

void refuse_without_effect(const CLI::App& command, const ServerOptions& options) {
  const bool of_stack = !options.aws_stack.empty(), of_store = options.sources.data.has_value();
  const auto refuse = [&](const char* name, const char* variable, const char* why) {
    if (said(*command.get_option(name), variable)) throw UsageError{std::string{name} + why};
  };
  constexpr const char* deployed = ": with --aws the settings are those that are deployed";
  constexpr const char* of_service =
      ": a service has settings of its own; add --data for the store";
  if (of_stack || !of_store) {
    refuse("--config", "POSTRIDER_CONFIG", of_stack ? deployed : of_service);
    refuse("--set", "", of_stack ? deployed : of_service);
  }
  if (of_stack || of_store) refuse("--key-file", "", ": only a service asks for a key");
}

void add_server_options(CLI::App& command, ServerOptions& options) {
  command.add_flag("--json", options.json, "answer as JSON, for programs");
  auto* server = command.add_option("--server", options.server, "address of the service")
                     ->envname("POSTRIDER_SERVER")
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
    if (said(*server, "POSTRIDER_SERVER") + !data->empty() + !aws->empty() > 1)
      throw UsageError{"--server, --data and --aws: choose one"};
    refuse_without_effect(command, options);
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
  command.add_option("--config", sources.file, "configuration file (TOML)")
      ->envname("POSTRIDER_CONFIG");
  add_repeated_option(command, "--set", sources.sets,
                      "key=value, wins over the file; may be repeated");
  return command.add_option("--data", sources.data, "folder of the database, outbox and keys");
}

void add_home_option(CLI::App& command, settings::ConfigSources& sources) {
  static const std::map<std::string, settings::Home> homes{{"machine", settings::Home::machine},
                                                           {"aws", settings::Home::aws}};
  command
      .add_option("--home", sources.home,
                  "machine or aws: where the settings are for; without it, one machine")
      ->transform(CLI::CheckedTransformer(homes))
      ->type_name("HOME");
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
