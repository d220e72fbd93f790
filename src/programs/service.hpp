// The service of one machine: builds the adapters from the configuration and runs until a signal
// ends it. For the main thread.
#pragma once

#include "programs/config.hpp"

namespace postrider::programs {

/// Returns the exit code. `config` has been validated; `sources` are read again on SIGHUP.
int serve(const ConfigSources& sources, const Config& config);

}  // namespace postrider::programs
