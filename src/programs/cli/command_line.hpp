// The whole command line: what main() calls, and the tests too. For the main thread.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace postrider::programs {

using AddCommands = std::function<void(CLI::App&, int& exit_code)>;

/// Runs the command that the arguments name and returns its exit code. Errors become one clear line
/// on standard error. `more` adds commands of its own.
int run_command_line(int argc, const char* const* argv, const AddCommands& more = {});

}  // namespace postrider::programs
