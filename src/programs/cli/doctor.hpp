// `postrider doctor`: is this configuration able to send? Looks, and changes nothing. For one
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "settings/config.hpp"

namespace postrider::programs {

enum class Health : std::uint8_t { ok, warn, fail };

struct Check {
  std::string name;
  Health health = Health::ok;
  std::string finding;
  std::string todo;  // what to do about it; empty when there is nothing
};

std::vector<Check> examine(const settings::ConfigSources& sources);

std::string_view name(Health health);

}  // namespace postrider::programs
