// The checks of `postrider doctor`: whether a configuration is able to send. They change nothing.
// For one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "settings/config.hpp"

namespace postrider::programs {

enum class Health : std::uint8_t { ok, warn, fail };

/// The result of one check.
struct Check {
  std::string name;
  Health health = Health::ok;
  std::string finding;
  std::string todo;  // what to do about the finding; empty: nothing
};

/// Makes all checks; only the first one where the configuration can't be read. Blocks while it
/// connects to the carrier and the mail server.
std::vector<Check> examine(const settings::ConfigSources& sources);

/// "ok", "warn", "fail".
std::string_view name(Health health);

}  // namespace postrider::programs
