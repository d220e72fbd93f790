// Checks of settings that every function of AWS makes at its start. Pure; need neither phone
// numbers nor templates.
#pragma once

#include "settings/config.hpp"
#include "settings/toml_file.hpp"

namespace postrider::settings {

/// The end of a sentence about a sender of mail that is none.
inline constexpr const char* no_mailbox = "is no address such as \"Shop <orders@example.com>\"";

/// What is missing or wrong for AWS, each with the place of the setting.
Problems aws_problems(const LoadedConfig& loaded);

}  // namespace postrider::settings
