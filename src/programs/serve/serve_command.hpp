// The command `postrider serve`: it reads the options, checks the configuration as a whole, and
// runs the service. For the main thread.
#pragma once

#include <CLI/CLI.hpp>

namespace postrider::programs {

void add_serve_command(CLI::App& app, int& exit_code);

}  // namespace postrider::programs
