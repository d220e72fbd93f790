// The service of one machine: its adapters, built from the configuration, its threads and its HTTP
// server. For the main thread.
#pragma once

#include "settings/config.hpp"

namespace postrider::programs {

/// Runs the service until SIGTERM or SIGINT, and returns the exit code. `loaded` must be validated;
/// `sources` are read again on SIGHUP. `json`: the first lines of the output are one line of JSON.
/// Throws UsageError and Refused when the service can't start.
int serve(const settings::ConfigSources& sources, const settings::LoadedConfig& loaded, bool json);

}  // namespace postrider::programs
