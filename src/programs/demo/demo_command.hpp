// The command `postrider demo`: it runs a made-up shop's day through the real service, which has a
// process of its own, the carrier simulator and a local mail outbox, and prints a table of the fate
// of every row. For the main thread.
#pragma once

#include <CLI/CLI.hpp>

namespace postrider::programs {

void add_demo_command(CLI::App& app, int& exit_code);

}  // namespace postrider::programs
