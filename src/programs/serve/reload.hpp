// The reload on SIGHUP: takes the new API keys and secrets at once, and reads and checks
// the settings. For the main thread. Settings that changed are only logged, because they take
// effect at the next start (docs/decisions/0009).
#pragma once

#include <functional>
#include <map>
#include <string>

#include "ports/telemetry.hpp"
#include "programs/serve/api_keys.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

class Reload {
 public:
  /// `running`: the settings with which the service was started. `take_secrets` reads the secrets
  /// of its files again and takes them; a UsageError: it took none. The others must outlive this
  /// object.
  Reload(const settings::ConfigSources& sources, const settings::LoadedConfig& running,
         KeyRing& keys, std::function<void()> take_secrets, ports::Telemetry& telemetry)
      : sources_{sources},
        running_{running},
        files_{texts_of(running.config)},
        keys_{keys},
        take_secrets_{std::move(take_secrets)},
        telemetry_{telemetry} {}

  /// Reloads, and logs the result. Keys or settings that can't be read leave the old ones in use.
  void run();

 private:
  bool reload_keys();
  bool reload_secrets();
  bool compare_settings();
  /// The texts of the files that were read at the start, by the settings that name them.
  static std::map<std::string, std::string> texts_of(const settings::Config& config);
  void log_problems(const std::string& problems);

  const settings::ConfigSources& sources_;
  const settings::LoadedConfig& running_;
  const std::map<std::string, std::string> files_;
  KeyRing& keys_;
  std::function<void()> take_secrets_;
  ports::Telemetry& telemetry_;
};

}  // namespace postrider::programs
