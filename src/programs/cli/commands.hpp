// The commands, each as a function add_… that adds one command with its subcommands to the
// application, and the options and calls that they share. For the main thread. A command's callback
// sets the exit code, or throws UsageError, Refused or Unreachable.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "programs/store_access/client.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// The place to which a command turns: a service, or the store itself where --data or --aws is
/// given.
struct ServerOptions {
  std::string server = "http://127.0.0.1:8080";
  std::string key_file;
  std::string aws_stack;  // empty: not on AWS
  settings::ConfigSources sources;
  bool json = false;
};

/// Adds --json; for a service --server (or POSTRIDER_SERVER) and --key-file (else the key is in
/// POSTRIDER_KEY); for the store itself --data, --config, --set; for the tables of a stack --aws.
void add_server_options(CLI::App& command, ServerOptions& options);
/// Throws UsageError for an option of add_server_options() that the command line has and that would
/// have no effect beside the others.
void refuse_without_effect(const CLI::App& command, const ServerOptions& options);
/// Sets `value` from an environment variable that is not empty, where the command line has not the
/// option.
void take_variable(std::string& value, const CLI::Option& option, const char* variable);
/// A client of the stack where `aws_stack` is set, of the store where `sources.data` is set, else
/// of the service.
std::unique_ptr<Client> make_client(const ServerOptions& options);
/// A client of the service.
std::unique_ptr<HttpClient> make_http_client(const ServerOptions& options);

/// Adds an option that may be repeated, each time with one value. An option that takes a list would
/// also take the arguments after it.
void add_repeated_option(CLI::App& command, const char* name, std::vector<std::string>& values,
                         const char* doc);

/// Adds --config (or POSTRIDER_CONFIG), --set and --data. Returns --data.
CLI::Option* add_config_options(CLI::App& command, settings::ConfigSources& sources);

/// Adds --home, for commands that look at the settings of either home.
void add_home_option(CLI::App& command, settings::ConfigSources& sources);

/// The answer to one request, parsed. Throws Refused with one clear line for any status but 2xx.
nlohmann::ordered_json ask(Client& client, const std::string& method, const std::string& path,
                           std::string_view body = {});

/// `path` with a query: "…?field=value&…", values encoded. Fields without a value are left out.
std::string with_query(const std::string& path,
                       const std::vector<std::pair<std::string, std::string>>& query);

void add_import_command(CLI::App& app, int& exit_code);
void add_customers_command(CLI::App& app, int& exit_code);
void add_opt_outs_command(CLI::App& app, int& exit_code);
void add_notifications_command(CLI::App& app, int& exit_code);
void add_dead_letters_command(CLI::App& app, int& exit_code);
void add_keys_command(CLI::App& app, int& exit_code);
void add_config_command(CLI::App& app, int& exit_code);
void add_explain_command(CLI::App& app, int& exit_code);
void add_preview_command(CLI::App& app, int& exit_code);
void add_report_command(CLI::App& app, int& exit_code);
void add_doctor_command(CLI::App& app, int& exit_code);
void add_verify_command(CLI::App& app, int& exit_code);

/// The subcommand that imports customers, for add_customers_command.
void add_customers_import(CLI::App& customers, int& exit_code);

}  // namespace postrider::programs
