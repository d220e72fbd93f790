// The table of settings: name, type, meaning, home, reader and printer of each key. Immutable; safe
// to share. The file, --set, the environment of AWS's functions, `config show` and
// docs/configuration.md follow from it. Code that needs a value takes it from Config (config.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "settings/config.hpp"

namespace postrider::settings {

enum class KeyType : std::uint8_t {
  text,
  choice,
  flag,
  integer,
  fraction,
  duration,
  money,
  path,  // of a file or folder; in a file, relative to the file's folder
};

/// The homes that a setting is for.
enum class Homes : std::uint8_t { both, machine, aws };

/// One setting, as the table has it.
struct ConfigKey {
  std::string name;  // "sms.parts_per_second"
  KeyType type;
  std::string doc;      // what the setting is, in one line
  std::string expects;  // "a duration such as \"15m\"", "one of outbox, smtp"
  /// Sets the value. False, with the configuration unchanged, when `text` is no value of this key.
  std::function<bool(Config&, std::string_view text)> parse;
  std::function<std::string(const Config&)> print;  // the value as parse() reads it
  Homes homes = Homes::both;
  std::string variable = {};       // the environment variable of the functions; empty: none
  std::string variable_unit = {};  // of a duration's variable, a number alone: "d", "h", "m"

  ConfigKey only(Homes home) && {
    homes = home;
    return std::move(*this);
  }
  ConfigKey from(std::string environment_variable, std::string unit = {}) && {
    variable = std::move(environment_variable);
    variable_unit = std::move(unit);
    return std::move(*this);
  }
  bool is_for(Home home) const {
    return homes == Homes::both || (homes == Homes::aws) == (home == Home::aws);
  }
};

/// All settings, in the order in which they are shown.
std::span<const ConfigKey> config_keys();

/// A name without its section: "sms.tries" → "tries".
std::string_view short_name(std::string_view name);

/// The setting with this name; nullptr when there is none.
const ConfigKey* find_config_key(std::string_view name);

/// The setting that took the place of `gone`, a setting of an earlier version, which files may
/// still have; empty where there was none.
std::string_view successor_of(std::string_view gone);

/// The end of an error about an unknown key: ` (did you mean "sms.workers"?)`; empty when no key is
/// similar.
std::string suggestion(std::string_view unknown_key);

/// Why `value` is none of this key: `sms.workers must be a whole number from 0 to 64, not "two"`.
std::string mistake_in(const ConfigKey& key, std::string_view value);

/// The value as it may be shown: the user and the password in a URL are masked.
std::string shown_value(const ConfigKey& key, const Config& config);

/// The value as the environment variable of the key has it; nothing where it can't be written so
/// (36 hours in days) or the key has no variable.
std::optional<std::string> variable_value(const ConfigKey& key, const Config& config);

/// "text", "choice" …: the type's name.
std::string_view name(KeyType type);

}  // namespace postrider::settings
