// The error of a command line or a configuration that the user has to change. `what()` says what is
// wrong and where; it may have several lines. Thrown while settings are read, caught by main().
#pragma once

#include <stdexcept>

namespace postrider::settings {

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace postrider::settings
