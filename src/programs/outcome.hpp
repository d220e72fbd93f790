// How a command ends: exit codes, and the exceptions that carry one clear line to main(), which
// prints it and ends with the code. Nothing else throws across files of this folder.
#pragma once

#include <stdexcept>
#include <string>

namespace postrider::programs {

inline constexpr int exit_done = 0;
inline constexpr int exit_refused = 1;  // refused, not found, service not reached
inline constexpr int exit_usage = 2;    // wrong options or configuration
inline constexpr int exit_internal = 70;

/// The user has to change the command or the configuration. `what()` may have several lines.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The command was understood and could not be done.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace postrider::programs
