// The command line of `postrider`, which main() and the tests run. For the main thread.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace postrider::programs {

/// A function that adds commands to the application; their callbacks set the exit code.
using AddCommands = std::function<void(CLI::App&, int& exit_code)>;

/// Runs the command that the arguments name and returns its exit code. An error becomes one clear
/// line on standard error. `more` adds further commands.
int run_command_line(int argc, const char* const* argv, const AddCommands& more = {});

}  // namespace postrider::programs
