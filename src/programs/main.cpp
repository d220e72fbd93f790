#include "programs/command_line.hpp"
#include "programs/simulator_command.hpp"

int main(int argc, char** argv) {
  using namespace postrider::programs;
  return run_command_line(argc, argv, add_simulator_command);
}
