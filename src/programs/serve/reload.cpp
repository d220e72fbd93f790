#include "programs/serve/reload.hpp"

#include <algorithm>
#include <sstream>

#include "programs/outcome.hpp"
#include "settings/config_keys.hpp"

namespace postrider::programs {
namespace {

constexpr std::size_t longest_piece = 120;  // the log cuts a longer value

/// The next piece of `text`, ended at a blank where there is one.
std::string_view take_piece(std::string_view& text) {
  auto end = text.size();
  if (end > longest_piece) {
    end = text.rfind(' ', longest_piece);
    if (end == text.npos || end == 0) end = longest_piece;
  }
  const auto piece = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ', end)));
  return piece;
}

}  // namespace

using ports::Field;
using ports::Level;

void Reload::run() {
  const bool keys = take_keys();
  const bool settings = compare_settings();
  const bool all = keys && settings;
  telemetry_.log(all ? Level::info : Level::error, all ? "reloaded" : "reload_failed",
                 {{Field::count, static_cast<std::int64_t>(keys_.size())}});
}

void Reload::tell(const std::string& problems) {
  std::istringstream lines{problems};
  std::int64_t number = 0;
  for (std::string line; std::getline(lines, line);)
    for (std::string_view rest = line; !rest.empty();)
      telemetry_.log(Level::error, "reload_problem",
                     {{Field::line, ++number}, {Field::reason, take_piece(rest)}});
}

/// Also when the settings can't be read: a key that was revoked must not live on because of a
/// mistake elsewhere.
bool Reload::take_keys() {
  const auto path = settings::keys_path(running_);
  auto loaded = load_keys(path);
  if (!loaded) {
    tell(loaded.error().what);
    return false;
  }
  if (loaded->empty() && keys_.required()) {
    tell(path + ": there is no key any more; the keys that were known stay until a restart");
    return false;
  }
  try {
    settings::validate(running_, !loaded->empty());
  } catch (const UsageError& e) {
    tell(e.what());
    return false;
  }
  keys_.replace(*std::move(loaded));
  return true;
}

bool Reload::compare_settings() {
  try {
    const settings::Config fresh = settings::load_config(sources_).config;
    settings::validate(fresh, keys_.required());
    for (const auto& key : settings::config_keys())
      if (key.print(fresh) != key.print(running_))
        telemetry_.log(Level::warning, "restart_needed",
                       {{Field::reason, std::string_view{key.name}}});
    return true;
  } catch (const UsageError& e) {
    tell(e.what());
    return false;
  }
}

}  // namespace postrider::programs
