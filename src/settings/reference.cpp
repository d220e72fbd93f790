#include "settings/reference.hpp"

#include <algorithm>

namespace postrider::settings {
namespace {

constexpr std::size_t page_width = 78;

/// `text` as lines that begin with "# ".
std::string comment(std::string_view text) {
  std::string out, line = "#";
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    if (line.size() + 1 + word.size() > page_width && line != "#") {
      out += line + "\n";
      line = "#";
    }
    line.append(" ").append(word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + line + "\n";
}

/// A value as TOML writes it.
std::string toml_value(const ConfigKey& key, const std::string& value) {
  const bool bare =
      key.type == KeyType::flag || key.type == KeyType::integer || key.type == KeyType::fraction;
  if (bare) return value;
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string markdown_cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string code(std::string_view text) {
  return text.empty() ? "" : "`" + markdown_cell(text) + "`";
}

std::string homes_of(const ConfigKey& key) {
  switch (key.homes) {
    case Homes::both: return "both";
    case Homes::machine: return "one machine";
    case Homes::aws: return "AWS";
  }
  return "both";
}

/// What the key takes, short: the page says once how durations and amounts are written.
std::string values_of(const ConfigKey& key) {
  switch (key.type) {
    case KeyType::text:
    case KeyType::path:
    case KeyType::money: return std::string{name(key.type)};
    default: return key.expects.substr(0, key.expects.find(" such as"));
  }
}

/// The default, of each home where they differ.
std::string default_cell(const ConfigKey& key) {
  const auto machine = default_of(key, Home::machine), aws = default_of(key, Home::aws);
  if (key.homes != Homes::both || machine == aws)
    return code(key.is_for(Home::machine) ? machine : aws);
  return code(machine) + ", AWS: " + code(aws);
}

}  // namespace

std::vector<Section> sections() {
  std::vector<Section> all;
  for (const auto& key : config_keys()) {
    const auto dot = key.name.rfind('.');
    const auto name = dot == std::string::npos ? "" : key.name.substr(0, dot);
    auto found =
        std::find_if(all.begin(), all.end(), [&](const Section& s) { return s.name == name; });
    if (found == all.end()) found = all.insert(all.end(), {name, {}});
    found->keys.push_back(&key);
  }
  return all;
}

std::string default_of(const ConfigKey& key, Home home) { return key.print(defaults_of(home)); }

std::string example_file(Home home) {
  std::string out = comment(
      home == Home::aws
          ? "Settings of Postrider on AWS. Each line that is commented out shows the default. "
            "Paths are relative to this file."
          : "Settings of Postrider on one machine. Each line that is commented out shows the "
            "default. Paths are relative to this file, the default of data to the folder in which "
            "the program starts.");
  for (const auto& section : sections()) {
    std::string part;
    for (const auto* key : section.keys) {
      if (!key->is_for(home)) continue;
      part += "\n" + comment(key->doc);
      part.append("# ").append(short_name(key->name)).append(" = ");
      part += toml_value(*key, default_of(*key, home)) + "\n";
    }
    if (part.empty()) continue;
    out += "\n";
    if (!section.name.empty()) out += "[" + section.name + "]\n";
    out += section.name.empty() ? part.substr(1) : part;
  }
  return out;
}

std::string reference_tables() {
  std::string out;
  for (const auto& section : sections()) {
    out += (out.empty() ? "" : "\n");
    out += section.name.empty() ? "### Above all sections\n\n" : "### [" + section.name + "]\n\n";
    out += "| key | what it is | values | default | home | variable |\n|---|---|---|---|---|---|\n";
    for (const auto* key : section.keys)
      out += "| `" + std::string{short_name(key->name)} + "` | " + markdown_cell(key->doc) + " | " +
             markdown_cell(values_of(*key)) + " | " + default_cell(*key) + " | " + homes_of(*key) +
             " | " + code(key->variable) + " |\n";
  }
  return out;
}

}  // namespace postrider::settings
