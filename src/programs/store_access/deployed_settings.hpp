// The settings of a deployed stack as its functions have them: the shop's files in the template's
// metadata, and behind them the variables of the function that takes orders. For commands with
// --aws, which must not judge by a file of this machine. For one thread.
#pragma once

#include <memory>
#include <string>

#include "domain/intake/order_event.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// The folder in which a stack's files lie while they are read. It is deleted with this object.
class StackFiles {
 public:
  StackFiles();
  ~StackFiles();
  StackFiles(const StackFiles&) = delete;
  StackFiles& operator=(const StackFiles&) = delete;

  /// Writes one file. `name`: without a folder. Throws Refused.
  void write(const std::string& name, const std::string& text);
  std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

struct DeployedSettings {
  std::unique_ptr<StackFiles> files;  // that `loaded` names
  settings::LoadedConfig loaded;
  domain::Mode mode = domain::Mode::live;  // of the orders that the stack takes
};

/// Reads a template. `stack`: its name, for errors. Throws Refused where the template is none of
/// Postrider's or its settings can't be read by this program.
DeployedSettings settings_of_template(const std::string& json, const std::string& stack);

}  // namespace postrider::programs
