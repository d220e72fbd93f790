// The settings in writing: the page docs/configuration.md and a commented example file. Pure; both
// follow from the table of settings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "settings/config_keys.hpp"

namespace postrider::settings {

/// The keys of one section, "sms"; "": those above all sections.
struct Section {
  std::string name;
  std::vector<const ConfigKey*> keys;
};

/// The table by sections, each once, in the order in which they first appear.
std::vector<Section> sections();

/// The default of a key in a home, as parse() reads it.
std::string default_of(const ConfigKey& key, Home home);

/// A TOML file that sets nothing: every key of the home with its meaning and default, commented.
std::string example_file(Home home);

/// The tables of docs/configuration.md, in Markdown.
std::string reference_tables();

}  // namespace postrider::settings
