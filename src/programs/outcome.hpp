// How a command ends: exit codes, and the exceptions that carry one clear line to main(), which
// prints it and ends with the code. Nothing else throws across files of this folder.
#pragma once

#include <stdexcept>
#include <string>

#include "settings/usage_error.hpp"

namespace postrider::programs {

inline constexpr int exit_done = 0;
inline constexpr int exit_refused = 1;  // refused, not found, service not reached
inline constexpr int exit_usage = 2;    // wrong options or configuration
inline constexpr int exit_internal = 70;

/// Exit code 2.
using settings::UsageError;

/// The command was understood and could not be done: exit code 1.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace postrider::programs
