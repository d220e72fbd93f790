// The ends of a command: exit codes, and the exceptions that carry one clear line to
// run_command_line(), which prints the line and returns the code. No other exceptions of this
// program's own leave a file of this folder.
#pragma once

#include <stdexcept>

#include "settings/usage_error.hpp"

namespace postrider::programs {

inline constexpr int exit_done = 0;
inline constexpr int exit_refused = 1;  // refused, not found, or the service was not reached
inline constexpr int exit_usage = 2;    // wrong options or configuration
inline constexpr int exit_internal = 70;

/// The error of wrong options or a wrong configuration: exit code 2.
using settings::UsageError;

/// The error of a command that was understood but could not be carried out: exit code 1.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace postrider::programs
