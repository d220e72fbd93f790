#include "settings/config.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "domain/intake/status.hpp"
#include "message/text/ascii.hpp"
#include "settings/config_keys.hpp"
#include "settings/lists.hpp"
#include "settings/toml_file.hpp"

namespace postrider::settings {
namespace {

namespace fs = std::filesystem;

/// The loader: takes one source after the other into `loaded` and collects their mistakes.
class Loader {
 public:
  Loader(Home home, bool skip_unknown) : skip_unknown_{skip_unknown} {
    loaded_.home = home;
    loaded_.config = defaults_of(home);
  }

  void take_environment(const Environment& environment) {
    for (const auto& key : config_keys()) {
      if (key.variable.empty() || !key.is_for(loaded_.home)) continue;
      auto value = environment(key.variable);
      // An empty variable says nothing, but for the list of countries, which is empty then.
      if (!value || (value->empty() && key.name != "sms.countries")) continue;
      const auto problem = set(key, *value + key.variable_unit);
      if (problem.empty())
        loaded_.origins[key.name] = key.variable;
      else
        problems_.push_back(key.variable + ": " + problem);
    }
  }

  void take_file(const std::string& path) {
    TomlFile file{path};
    const auto table = file.read();
    walk(file, table, "");
    std::ranges::move(file.problems(), std::back_inserter(problems_));
  }

  void take(const std::string& name, const std::string& value, const std::string& origin) {
    const ConfigKey* key = find_config_key(name);
    if (key == nullptr && is_gone(name, origin)) return;
    const auto problem = key == nullptr ? unknown(name) : set(*key, value);
    if (problem.empty())
      loaded_.origins[name] = origin;
    else
      problems_.push_back(origin + ": " + problem);
  }

  void take_entry(const std::string& entry) {
    const auto equals = entry.find('=');
    if (equals == std::string::npos)
      problems_.push_back("--set " + entry + ": write it as key=value");
    else
      take(entry.substr(0, equals), entry.substr(equals + 1), "--set");
  }

  LoadedConfig result() && {
    check_paths();
    throw_if_any(problems_);
    return std::move(loaded_);
  }

 private:
  struct Relative {
    const ConfigKey* key;
    std::string place, written, meant;
  };

  void walk(TomlFile& file, const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string{key.str()};
      const ConfigKey* known = find_config_key(name);
      if (known == nullptr && node.is_table() && is_section(name)) {
        walk(file, *node.as_table(), name + ".");
        continue;
      }
      if (known == nullptr && is_gone(name, file.place(key.source()))) continue;
      if (known == nullptr && skip_unknown_) {
        loaded_.skipped.push_back(file.place(key.source()) + ": " + unknown(name));
        continue;
      }
      const auto problem = known == nullptr ? unknown(name) : take_node(*known, node, file);
      if (!problem.empty())
        file.add_problem(key.source(), problem);
      else
        loaded_.origins[name] = file.place(key.source());
    }
  }

  std::string take_node(const ConfigKey& key, const toml::node& node, const TomlFile& file) {
    const bool fits = key.type == KeyType::money
                          ? node.is_string() || node.is_number()
                          : (node.is_string() || node.is_array()) == is_written_as_text(key.type) ||
                                (key.type == KeyType::duration && node.is_integer());
    const auto value = key.type == KeyType::text && node.is_array() ? list_in(*node.as_array())
                                                                    : text_of_value(node);
    if (!value) return key.name + " must be " + key.expects;
    if (!fits) {
      Config other = loaded_.config;  // a value that is right but for its quotes
      return mistake_in(key, *value).append(key.parse(other, *value) ? type_hint(key.type) : "");
    }
    if (key.type != KeyType::path || value->empty()) return set(key, *value);
    if (loaded_.home == Home::aws && !skip_unknown_ && value->find('/') != value->npos)
      return key.name + " = \"" + *value +
             "\" must be the name of a file beside this one: only those travel to the functions";
    const auto meant = (fs::path{file.path()}.parent_path() / *value).lexically_normal().string();
    if (meant != *value) relative_.push_back({&key, file.place(node.source()), *value, meant});
    return set(key, meant);
  }

  /// A list as one text: ["DE", "AT"] → "DE, AT".
  static std::optional<std::string> list_in(const toml::array& array) {
    std::string list;
    for (const auto& entry : array) {
      if (!entry.is_string()) return std::nullopt;
      list += (list.empty() ? "" : ", ") + entry.as_string()->get();
    }
    return list;
  }

  static bool is_written_as_text(KeyType type) {
    return type != KeyType::flag && type != KeyType::integer && type != KeyType::fraction;
  }
  static std::string_view type_hint(KeyType type) {
    return is_written_as_text(type) ? " (in quotes)" : " (without quotes)";
  }

  std::string set(const ConfigKey& key, const std::string& value) {
    if (!key.is_for(loaded_.home))
      return key.name + (key.homes == Homes::aws
                             ? " is a setting of AWS alone"
                             : " is a setting of one machine alone, not of AWS");
    if (key.name == "sms.carrier" && !is_carrier(value)) return no_carrier(value);
    return key.parse(loaded_.config, value) ? "" : mistake_in(key, value);
  }

  bool is_carrier(const std::string& value) const { return is_of(loaded_.home, value); }
  static bool is_of(Home home, const std::string& value) {
    const auto carriers = carriers_of(home);
    return std::find(carriers.begin(), carriers.end(), message::lower(value)) != carriers.end();
  }
  std::string no_carrier(const std::string& value) const {
    std::string list;
    for (const auto carrier : carriers_of(loaded_.home))
      list.append(list.empty() ? "" : " or ").append(carrier);
    return "sms.carrier must be " + list +
           (loaded_.home == Home::aws ? " on AWS" : " on one machine") + ", not \"" + value + "\"" +
           (loaded_.home == Home::machine && is_of(Home::aws, value)
                ? " (--home aws checks a file for AWS)"
                : "");
  }

  /// True for a setting of an earlier version, which stops no start; it is noted.
  bool is_gone(const std::string& name, const std::string& origin) {
    const auto successor = successor_of(name);
    if (successor.empty()) return false;
    loaded_.gone.push_back(origin + ": " + name +
                           " sets nothing any more: " + std::string{successor} + " took its place");
    return true;
  }

  static std::string unknown(const std::string& name) {
    return "there is no setting \"" + name + "\"" + suggestion(name);
  }

  /// Paths were relative to the current folder before they were relative to the file. Where only
  /// the old place exists, to go on would mean an empty store or a missing list.
  void check_paths() {
    const auto is_there = [](const ConfigKey& key, const fs::path& path) {
      std::error_code failed;  // an empty data folder is no store
      return fs::exists(key.name == "data" ? path / "postrider.db" : path, failed);
    };
    std::error_code failed;
    for (const auto& [key, place, written, meant] : relative_)
      if (key->print(loaded_.config) == meant && !is_there(*key, meant) && is_there(*key, written))
        problems_.push_back(place + ": " + key->name + " = \"" + written + "\" means " + meant +
                            ", because paths are relative to the file; there is only " +
                            fs::absolute(written, failed).string() + ": write that");
  }

  static bool is_section(const std::string& name) {
    const auto keys = config_keys();
    return std::any_of(keys.begin(), keys.end(),
                       [&](const ConfigKey& key) { return key.name.starts_with(name + "."); });
  }

  const bool skip_unknown_;
  LoadedConfig loaded_;
  Problems problems_;
  std::vector<Relative> relative_;  // paths of the file
};

}  // namespace

std::span<const std::string_view> carriers_of(Home home) {
  static constexpr std::array<std::string_view, 2> machine{"simulator", "http"};
  static constexpr std::array<std::string_view, 2> aws{"sns", "end_user_messaging"};
  return home == Home::aws ? aws : machine;
}

Config defaults_of(Home home) {
  Config config;
  config.sms.carrier = carriers_of(home).front();
  return config;
}

std::string place_of(const LoadedConfig& loaded, const std::string& key) {
  const auto origin = loaded.origins.find(key);
  return origin == loaded.origins.end() ? "" : origin->second + ": ";
}

LoadedConfig load_config(const ConfigSources& sources) {
  Loader loader{sources.home, sources.skip_unknown};
  if (sources.environment) loader.take_environment(sources.environment);
  if (!sources.file.empty()) loader.take_file(sources.file);
  for (const auto& entry : sources.sets) loader.take_entry(entry);
  if (sources.data) loader.take("data", *sources.data, "--data");
  if (sources.listen) loader.take("listen", *sources.listen, "--listen");
  return std::move(loader).result();
}

domain::Policy policy_of(const Config& c) {
  domain::Policy policy;
  policy.sms_not_after = c.sms.not_after;
  policy.receipt_wait = c.sms.receipt_wait;
  policy.sms_lease = c.sms.lease;
  policy.email_lease = std::max(c.email.lease, 2 * c.smtp.timeout);
  policy.sms_tries = c.sms.tries;
  policy.sms_backoff = c.sms.backoff;
  policy.email_backoff = c.email.backoff;
  policy.email_give_up = c.email.give_up;
  policy.throttle_per_hour = c.customer.per_hour;
  policy.throttle_window = c.customer.window;
  policy.retention = c.retention;
  policy.max_price_factor = c.prices.max_factor;
  policy.limits.monthly = c.sms.monthly_limit;
  if (c.sms.daily_limit.micros > 0) policy.limits.daily = c.sms.daily_limit;
  return policy;
}

std::set<std::string, std::less<>> promotional_statuses(const Config& c) {
  std::set<std::string, std::less<>> statuses;
  for (const auto& status : list_of(message::lower(c.sms.promotional)))
    statuses.insert(domain::usual_spelling(status));
  return statuses;
}

std::optional<std::set<std::string, std::less<>>> sms_countries(const Config& c) {
  auto countries = list_of(c.sms.countries);
  return countries.contains("*") ? std::nullopt : std::optional{std::move(countries)};
}

std::string database_path(const Config& c) {
  return (std::filesystem::path{c.data} / "postrider.db").string();
}
std::string outbox_path(const Config& c) {
  return (std::filesystem::path{c.data} / "outbox").string();
}
std::string keys_path(const Config& c) {
  return (std::filesystem::path{c.data} / "keys.toml").string();
}

namespace {

/// Opens a file that nobody else may read. Throws UsageError.
std::ifstream open_secret(const std::string& key, const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    throw UsageError{key + ": can't read " + path + ": " + std::strerror(errno)};
  if (!S_ISREG(status.st_mode)) throw UsageError{key + ": " + path + " is no file"};
  if ((status.st_mode & 077) != 0)
    throw UsageError{key + ": others may read " + path + "; make it yours alone: chmod 600 " +
                     path};
  return std::ifstream{path};
}

void trim_end(std::string& line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
}

}  // namespace

std::string read_secret(const std::string& key, const std::string& path) {
  auto file = open_secret(key, path);
  std::string line;
  std::getline(file, line);
  trim_end(line);
  if (line.empty()) throw UsageError{key + ": " + path + " is empty or can't be read"};
  return line;
}

std::vector<std::string> read_secrets(const std::string& key, const std::string& path,
                                      std::size_t at_most) {
  auto file = open_secret(key, path);
  std::vector<std::string> secrets;
  for (std::string line; std::getline(file, line);) {
    trim_end(line);
    if (!line.empty()) secrets.push_back(line);
  }
  if (secrets.empty()) throw UsageError{key + ": " + path + " is empty or can't be read"};
  if (secrets.size() > at_most)
    throw UsageError{key + ": " + path + " has " + std::to_string(secrets.size()) +
                     " lines; at most " + std::to_string(at_most) +
                     " secrets count at once, the newest first"};
  return secrets;
}

}  // namespace postrider::settings
