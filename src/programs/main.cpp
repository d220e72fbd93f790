#include "programs/allocator.hpp"
#include "programs/cli/command_line.hpp"
#include "programs/demo/demo_command.hpp"
#include "programs/simulator/simulator_command.hpp"

int main(int argc, char** argv) {
  using namespace postrider::programs;
  keep_freed_memory();
  return run_command_line(argc, argv, [](CLI::App& app, int& exit_code) {
    add_demo_command(app, exit_code);
    add_simulator_command(app, exit_code);
  });
}
