// The table of settings: name, type, meaning, reader and printer of each key. Immutable; safe to
// share. Code that needs a value takes it from Config (config.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "settings/config.hpp"

namespace postrider::settings {

enum class KeyType : std::uint8_t { text, choice, integer, fraction, duration, money };

/// One setting, as the table has it.
struct ConfigKey {
  std::string name;  // "sms.parts_per_second"
  KeyType type;
  std::string doc;      // what the setting is, in one line
  std::string expects;  // "a duration such as \"15m\"", "one of outbox, smtp"
  /// Sets the value. False, with the configuration unchanged, when `text` is no value of this key.
  std::function<bool(Config&, std::string_view text)> parse;
  std::function<std::string(const Config&)> print;  // the value as parse() reads it
};

/// All settings, in the order in which they are shown.
std::span<const ConfigKey> config_keys();

/// The setting with this name; nullptr when there is none.
const ConfigKey* find_config_key(std::string_view name);

/// The end of an error about an unknown key: ` (did you mean "sms.workers"?)`; empty when no key is
/// similar.
std::string suggestion(std::string_view unknown_key);

/// The value as it may be shown: the user and the password in a URL are masked.
std::string shown_value(const ConfigKey& key, const Config& config);

}  // namespace postrider::settings
