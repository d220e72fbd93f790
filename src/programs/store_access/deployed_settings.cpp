#include "programs/store_access/deployed_settings.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "programs/outcome.hpp"

namespace postrider::programs {
namespace {

using Document = nlohmann::json;
using Variables = std::map<std::string, std::string>;

constexpr const char* main_file = "postrider.toml";

const Document& member(const Document& object, const char* name) {
  static const Document none = Document::object();
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found == object.end() ? none : *found;
}

/// The variables of the function that takes orders, but for those that the deployment fills in.
Variables variables_of(const Document& document) {
  Variables variables;
  for (const auto& resource : member(document, "Resources")) {
    const auto& properties = member(resource, "Properties");
    if (member(properties, "Handler") != "order-processor") continue;
    for (const auto& [name, value] : member(member(properties, "Environment"), "Variables").items())
      if (value.is_string()) variables[name] = value.get<std::string>();
  }
  return variables;
}

}  // namespace

StackFiles::StackFiles() {
  auto pattern = (std::filesystem::temp_directory_path() / "postrider-stack-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw Refused{"can't make a folder for the stack's settings, " + pattern + ": " +
                  std::strerror(errno)};
  folder_ = pattern;
}

StackFiles::~StackFiles() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void StackFiles::write(const std::string& name, const std::string& text) {
  if (name.empty() || name.find('/') != name.npos || name == "..") return;
  std::ofstream file{path_of(name), std::ios::binary};
  if (!(file << text << std::flush))
    throw Refused{"can't write " + path_of(name) + ": " + std::strerror(errno)};
}

DeployedSettings settings_of_template(const std::string& json, const std::string& stack) {
  const auto document = Document::parse(json, nullptr, false);
  if (document.is_discarded())
    throw Refused{"the template of the stack " + stack + " is no JSON: is it Postrider's?"};
  const auto variables = variables_of(document);
  DeployedSettings deployed{std::make_unique<StackFiles>(), {}, domain::Mode::live};
  settings::ConfigSources sources;
  sources.home = settings::Home::aws;
  sources.environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
  for (const auto& [name, text] :
       member(member(document, "Metadata"), "PostriderSettings").items()) {
    if (!text.is_string()) continue;
    deployed.files->write(name, text.get<std::string>());
    if (name == main_file) sources.file = deployed.files->path_of(name);
  }
  try {
    deployed.loaded = settings::load_config(sources);
  } catch (const UsageError& e) {
    throw Refused{"the settings of the stack " + stack + " can't be read:\n" + e.what()};
  }
  const auto mode = variables.find("TEST_MODE");
  if (mode != variables.end() && mode->second == "true") deployed.mode = domain::Mode::test;
  return deployed;
}

}  // namespace postrider::programs
