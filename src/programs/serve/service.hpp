// The service of one machine: builds the adapters from the configuration and runs until a signal
// ends it. For the main thread.
#pragma once

#include "settings/config.hpp"

namespace postrider::programs {

/// Returns the exit code. `config` has been validated; `sources` are read again on SIGHUP. `json`:
/// the first lines are one JSON line.
int serve(const settings::ConfigSources& sources, const settings::Config& config, bool json);

}  // namespace postrider::programs
