// The commands. Each add_… puts one command (with its subcommands) on the application; its callback
// sets the exit code, or throws UsageError, Refused or Unreachable. For the main thread.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "programs/store_access/client.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// Whom a command speaks to: a service, or the store itself where --data or --aws is given.
struct ServerOptions {
  std::string server = "http://127.0.0.1:8080";
  std::string key_file;
  std::string aws_stack;  // empty: not on AWS
  settings::ConfigSources sources;
  bool json = false;
};

/// --server (or POSTRIDER_SERVER), --key-file (else the key is in POSTRIDER_KEY), --json; for the
/// store itself --data, --config, --set; for the tables of a stack --aws.
void add_server_options(CLI::App& command, ServerOptions& options);
/// For the service, for the store where `sources.data` is set, or for the stack.
std::unique_ptr<Client> make_client(const ServerOptions& options);
std::unique_ptr<HttpClient> make_http_client(const ServerOptions& options);

/// An option that may be repeated, one value each: a list would swallow the arguments behind it.
void add_repeated_option(CLI::App& command, const char* name, std::vector<std::string>& values,
                         const char* doc);

/// --config (or POSTRIDER_CONFIG), --data, --set.
CLI::Option* add_config_options(CLI::App& command, settings::ConfigSources& sources);

/// The parsed answer. Throws Refused with one clear line for any status but 2xx.
nlohmann::ordered_json ask(Client& client, const std::string& method, const std::string& path,
                           std::string_view body = {});

/// The same for "…?field=value&…" with values encoded; fields without a value are left out.
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
