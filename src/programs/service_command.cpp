#include "programs/service_command.hpp"

#include <memory>

#include "programs/api_keys.hpp"
#include "programs/cli.hpp"
#include "programs/service.hpp"

namespace postrider::programs {
namespace {

int run(const ConfigSources& sources) {
  const Config config = load_config(sources).config;
  const auto keys = load_keys(keys_path(config));
  if (!keys) throw UsageError{keys.error().what};
  validate(config, !keys->empty());
  return serve(sources, config);
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto sources = std::make_shared<ConfigSources>();
  auto* command = app.add_subcommand("serve", "Run the service until SIGTERM or SIGINT");
  command->footer(
      "Without a configuration file: store, outbox and keys in the data folder, the built-in "
      "simulator\nas the carrier, loopback only. `postrider config show` lists every setting.");
  add_config_options(*command, *sources);
  command->add_option("--listen", sources->listen, "HOST:PORT, 127.0.0.1:8080 where none is set");
  command->callback([sources, &exit_code] { exit_code = run(*sources); });
}

}  // namespace postrider::programs
