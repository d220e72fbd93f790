#include "programs/serve/reload.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "programs/outcome.hpp"
#include "settings/config_keys.hpp"

namespace postrider::programs {
namespace {

constexpr std::size_t max_piece = 120;  // the log cuts a longer value

/// Removes the next piece from `text`; it ends at a blank where there is one.
std::string_view take_piece(std::string_view& text) {
  auto end = text.size();
  if (end > max_piece) {
    end = text.rfind(' ', max_piece);
    if (end == text.npos || end == 0) end = max_piece;
  }
  const auto piece = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ', end)));
  return piece;
}

}  // namespace

using ports::Field;
using ports::Level;

void Reload::run() {
  const bool keys = reload_keys();
  const bool secrets = reload_secrets();
  const bool settings = compare_settings();
  const bool succeeded = keys && secrets && settings;
  telemetry_.log(succeeded ? Level::info : Level::error, succeeded ? "reloaded" : "reload_failed",
                 {{Field::count, static_cast<std::int64_t>(keys_.size())}});
}

void Reload::log_problems(const std::string& problems) {
  std::istringstream lines{problems};
  for (std::string line; std::getline(lines, line);)
    for (std::string_view rest = line; !rest.empty();)
      telemetry_.log(Level::error, "reload_problem", {{Field::reason, take_piece(rest)}});
}

/// Takes the keys even when the settings can't be read, because a revoked key must not stay valid
/// through a mistake in the settings.
bool Reload::reload_keys() {
  const auto path = settings::keys_path(running_.config);
  auto loaded = load_keys(path);
  if (!loaded) {
    log_problems(loaded.error().what);
    return false;
  }
  if (loaded->empty() && keys_.required()) {
    log_problems(path +
                 ": there is no key in the file any more; the old keys stay valid until a restart");
    return false;
  }
  try {
    settings::validate(running_, !loaded->empty());
  } catch (const UsageError& e) {
    log_problems(e.what());
    return false;
  }
  keys_.replace(*std::move(loaded));
  return true;
}

bool Reload::reload_secrets() {
  try {
    take_secrets_();
    return true;
  } catch (const UsageError& e) {
    log_problems(std::string{e.what()} + "; the old secrets stay valid");
    return false;
  }
}

std::map<std::string, std::string> Reload::texts_of(const settings::Config& config) {
  std::map<std::string, std::string> texts;
  for (const auto& [key, path] : {std::pair{"shop.templates", config.shop.templates},
                                  std::pair{"sms.prices", config.sms.prices}}) {
    std::ifstream file{path, std::ios::binary};
    texts[key].assign(std::istreambuf_iterator<char>{file}, {});
  }
  return texts;
}

bool Reload::compare_settings() {
  try {
    const auto fresh = settings::load_config(sources_);
    settings::validate(fresh, keys_.required());
    const auto files = texts_of(fresh.config);
    for (const auto& key : settings::config_keys()) {
      const auto now = files.find(key.name), before = files_.find(key.name);
      const bool other_text =
          now != files.end() && before != files_.end() && now->second != before->second;
      if (other_text || key.print(fresh.config) != key.print(running_.config))
        telemetry_.log(Level::warning, "restart_needed",
                       {{Field::reason, std::string_view{key.name}}});
    }
    return true;
  } catch (const UsageError& e) {
    log_problems(e.what());
    return false;
  }
}

}  // namespace postrider::programs
