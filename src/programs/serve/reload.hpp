// The reload on SIGHUP: takes the new API keys at once, and reads and checks the settings. For the
// main thread. Settings that changed are only logged, because they take effect at the next start
// (docs/decisions/0009).
#pragma once

#include "ports/telemetry.hpp"
#include "programs/serve/api_keys.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

class Reload {
 public:
  /// `running`: the settings with which the service was started. All parameters must outlive this
  /// object.
  Reload(const settings::ConfigSources& sources, const settings::LoadedConfig& running,
         KeyRing& keys, ports::Telemetry& telemetry)
      : sources_{sources}, running_{running}, keys_{keys}, telemetry_{telemetry} {}

  /// Reloads, and logs the result. Keys or settings that can't be read leave the old ones in use.
  void run();

 private:
  bool reload_keys();
  bool compare_settings();
  void log_problems(const std::string& problems);

  const settings::ConfigSources& sources_;
  const settings::LoadedConfig& running_;
  KeyRing& keys_;
  ports::Telemetry& telemetry_;
};

}  // namespace postrider::programs
