// The table of settings. Immutable; safe to share.
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

struct ConfigKey {
  std::string name;  // as in "sms.parts_per_second"
  KeyType type;
  std::string doc;      // one line
  std::string expects;  // "a duration such as \"15m\"", "one of outbox, smtp"
  /// False when `text` is no value of this key; the configuration is unchanged then.
  std::function<bool(Config&, std::string_view text)> parse;
  std::function<std::string(const Config&)> print;  // parse() reads it back
};

std::span<const ConfigKey> config_keys();

/// nullptr when there is none.
const ConfigKey* find_config_key(std::string_view name);

/// ` (did you mean "sms.workers"?)`, or empty.
std::string suggestion(std::string_view unknown_key);

/// The value as it may be shown: user and password of a URL are masked.
std::string shown_value(const ConfigKey& key, const Config& config);

}  // namespace postrider::settings
