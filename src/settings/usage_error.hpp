// The error of a command line or a configuration that the user has to change. Thrown while settings
// are read, caught by main(). Its `what()` names the mistake and its place, in one or more lines.
#pragma once

#include <stdexcept>

namespace postrider::settings {

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace postrider::settings
