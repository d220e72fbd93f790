// What SIGHUP does: API keys count at once; settings are read and checked, and those that changed
// are named, because they count from the next start (docs/decisions/0009). For the main thread.
#pragma once

#include "ports/telemetry.hpp"
#include "programs/serve/api_keys.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

class Reload {
 public:
  /// `running`: what the service was started with. All must outlive this.
  Reload(const settings::ConfigSources& sources, const settings::Config& running, KeyRing& keys,
         ports::Telemetry& telemetry)
      : sources_{sources}, running_{running}, keys_{keys}, telemetry_{telemetry} {}

  /// Logs what was taken and what was not. Whatever can't be read leaves what was there.
  void run();

 private:
  bool take_keys();
  bool compare_settings();
  void tell(const std::string& problems);

  const settings::ConfigSources& sources_;
  const settings::Config& running_;
  KeyRing& keys_;
  ports::Telemetry& telemetry_;
};

}  // namespace postrider::programs
