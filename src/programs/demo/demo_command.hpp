// `postrider demo`: a made-up shop's day through the real service, in a process of its own, with
// the carrier simulator and a local mail outbox; ends with a table of what became of every row.
#pragma once

#include <CLI/CLI.hpp>

namespace postrider::programs {

void add_demo_command(CLI::App& app, int& exit_code);

}  // namespace postrider::programs
