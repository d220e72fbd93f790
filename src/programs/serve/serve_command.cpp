#include "programs/serve/serve_command.hpp"

#include <memory>

#include "programs/cli/commands.hpp"
#include "programs/serve/api_keys.hpp"
#include "programs/serve/providers.hpp"
#include "programs/serve/service.hpp"

namespace postrider::programs {
namespace {

struct ServeOptions {
  settings::ConfigSources sources;
  bool json = false;
};

int run(const ServeOptions& o) {
  const auto loaded = settings::load_config(o.sources);
  const auto keys = load_keys(settings::keys_path(loaded.config));
  if (!keys) throw UsageError{keys.error().what};
  settings::validate(loaded, !keys->empty());
  check_providers(loaded);
  return serve(o.sources, loaded, o.json);
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ServeOptions>();
  auto* command = app.add_subcommand("serve", "Run the service until SIGTERM or SIGINT");
  command->footer(
      "Without a configuration file: store, outbox and keys in the data folder, the built-in "
      "simulator as the carrier, loopback only. `postrider config show` lists every setting.");
  add_config_options(*command, options->sources);
  command->add_option("--listen", options->sources.listen,
                      "HOST:PORT; without it, the setting listen (127.0.0.1:8080)");
  command->add_flag("--json", options->json, "print the address of the service as one JSON line");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace postrider::programs
