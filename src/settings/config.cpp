#include "settings/config.hpp"

#include <sys/stat.h>

#include <toml++/toml.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "message/phone/phone.hpp"
#include "settings/config_keys.hpp"
#include "settings/price_file.hpp"
#include "settings/template_file.hpp"
#include "settings/units.hpp"

namespace postrider::settings {
namespace {

using Problems = std::vector<std::string>;

void throw_if_any(const Problems& problems) {
  if (problems.empty()) return;
  std::string lines;
  for (const auto& problem : problems) lines += (lines.empty() ? "" : "\n") + problem;
  throw UsageError{lines};
}

/// The value of `node` as text; nullopt when its TOML type does not fit the key.
std::optional<std::string> text_of_node(const toml::node& node, KeyType type) {
  const bool wants_text = type == KeyType::text || type == KeyType::choice;
  if (node.is_string()) {
    if (type == KeyType::integer || type == KeyType::fraction) return std::nullopt;
    return node.as_string()->get();
  }
  if (wants_text) return std::nullopt;
  if (node.is_integer()) return std::to_string(node.as_integer()->get());
  // Money must be a string: the float 0.1 is not exactly a tenth.
  if (node.is_floating_point() && type == KeyType::fraction)
    return print_fraction(node.as_floating_point()->get());
  return std::nullopt;
}

/// The reader of postrider.toml: each value goes into `loaded`, each mistake into `problems`.
class FileLoader {
 public:
  FileLoader(LoadedConfig& loaded, Problems& problems, std::string file)
      : loaded_{loaded}, problems_{problems}, file_{std::move(file)} {}

  void load() {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file_, error)) {
      problems_.push_back(file_ + ": there is no such file");
      return;
    }
    try {
      walk(toml::parse_file(file_), "");
    } catch (const toml::parse_error& e) {
      problems_.push_back(place(e.source()) + ": " + std::string{e.description()});
    }
  }

 private:
  std::string place(const toml::source_region& source) const {
    return file_ + ":" + std::to_string(source.begin.line);
  }

  void walk(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
      const std::string name = prefix + std::string{key.str()};
      const ConfigKey* known = find_config_key(name);
      if (known != nullptr) {
        take(*known, node, place(key.source()));
      } else if (node.is_table() && is_section(name)) {
        walk(*node.as_table(), name + ".");
      } else {
        problems_.push_back(place(key.source()) + ": there is no setting \"" + name + "\"" +
                            suggestion(name));
      }
    }
  }

  void take(const ConfigKey& key, const toml::node& node, const std::string& where) {
    const auto value = text_of_node(node, key.type);
    if (value && key.parse(loaded_.config, *value))
      loaded_.origins[key.name] = where;
    else
      problems_.push_back(where + ": " + key.name + " must be " + key.expects);
  }

  static bool is_section(const std::string& name) {
    for (const auto& key : config_keys())
      if (key.name.starts_with(name + ".")) return true;
    return false;
  }

  LoadedConfig& loaded_;
  Problems& problems_;
  std::string file_;
};

void set(LoadedConfig& loaded, Problems& problems, const std::string& name,
         const std::string& value, const std::string& origin) {
  const ConfigKey* key = find_config_key(name);
  if (key == nullptr) {
    problems.push_back(origin + ": there is no setting \"" + name + "\"" + suggestion(name));
  } else if (!key->parse(loaded.config, value)) {
    problems.push_back(origin + ": " + name + " must be " + key->expects);
  } else {
    loaded.origins[name] = origin;
  }
}

bool is_web_link(const std::string& url) {
  return (url.starts_with("http://") || url.starts_with("https://")) && !host_of_url(url).empty();
}

void check_shop(const Config& c, Problems& problems) {
  const auto& region = c.shop.region;
  const auto letter = [](char ch) { return ch >= 'A' && ch <= 'Z'; };
  if (!region.empty() && !(region.size() == 2 && letter(region[0]) && letter(region[1])))
    problems.push_back("shop.region must be a two-letter country code such as \"DE\"");
  if (c.shop.id.empty()) problems.push_back("shop.id must not be empty");
  if (!c.shop.tracking_link.empty() && !is_web_link(c.shop.tracking_link))
    problems.push_back("shop.tracking_link must begin with https:// or http://");
  for (const auto& check : {+[](const Config& config) { templates_of(config); },
                            +[](const Config& config) { prices_of(config); },
                            +[](const Config& config) { sms_countries(config); },
                            +[](const Config& config) { quiet_span(config); }}) {
    try {
      check(c);
    } catch (const UsageError& e) {
      problems.emplace_back(e.what());
    }
  }
}

void check_channels(const Config& c, bool with_keys, Problems& problems) {
  if (c.sms.carrier == "http" && !is_web_link(c.http_carrier.url))
    problems.push_back("sms.carrier is \"http\": http_carrier.url must be an http(s) address");
  // Unsigned receipts are taken only from this machine, and only while there are no API keys.
  if (c.sms.carrier == "http" && with_keys && c.http_carrier.secret_file.empty())
    problems.push_back(
        "sms.carrier is \"http\" and there are API keys: http_carrier.secret_file must name the "
        "file (mode 0600) of the whsec_… secret that the carrier signs receipts with, or no "
        "receipt is taken");
  if (c.email.from.find('@') == std::string::npos)
    problems.push_back("email.from must be an address such as \"Shop <orders@example.com>\"");
  if (c.email.mailer == "smtp" && c.smtp.host.empty())
    problems.push_back("email.mailer is \"smtp\": smtp.host must name the mail server");
  if (c.email.mailer == "smtp" && c.smtp.tls == "none" && !is_loopback(c.smtp.host))
    problems.push_back("smtp.tls may be \"none\" only where smtp.host is this machine");
  if (!c.smtp.user.empty() && c.smtp.password_file.empty())
    problems.push_back("smtp.user is set: smtp.password_file must name the file of its password");
  // A lease that ends during the submission would send an e-mail twice, and make the outcome of an
  // SMS unknown.
  if (c.email.mailer == "smtp" && c.email.lease < 2 * c.smtp.timeout)
    problems.push_back("email.lease must be at least twice smtp.timeout");
  if (c.sms.carrier == "http" && c.sms.lease < 2 * c.http_carrier.timeout)
    problems.push_back("sms.lease must be at least twice http_carrier.timeout");
  const auto& link = c.email.unsubscribe_url;
  if (!link.empty() && !link.starts_with("https://") && !link.starts_with("mailto:"))
    problems.push_back("email.unsubscribe_url must begin with https:// or mailto:");
}

void check_simulator(const Config& c, Problems& problems) {
  const auto& s = c.simulator;
  if (s.refuse_temporary + s.refuse_for_good + s.throttle + s.unknown > 1)
    problems.push_back(
        "simulator: refuse_temporary, refuse_for_good, throttle and unknown are more than 1 "
        "together");
}

}  // namespace

LoadedConfig load_config(const ConfigSources& sources) {
  LoadedConfig loaded;
  Problems problems;
  if (!sources.file.empty()) FileLoader{loaded, problems, sources.file}.load();
  for (const auto& entry : sources.sets) {
    const auto equals = entry.find('=');
    if (equals == std::string::npos)
      problems.push_back("--set " + entry + ": write it as key=value");
    else
      set(loaded, problems, entry.substr(0, equals), entry.substr(equals + 1), "--set");
  }
  if (sources.data) set(loaded, problems, "data", *sources.data, "--data");
  if (sources.listen) set(loaded, problems, "listen", *sources.listen, "--listen");
  throw_if_any(problems);
  return loaded;
}

void validate(const Config& c, bool with_keys) {
  Problems problems;
  if (c.data.empty()) problems.push_back("data must name a folder");
  const auto endpoint = parse_endpoint(c.listen);
  if (!endpoint) {
    problems.push_back("listen must be HOST:PORT such as \"127.0.0.1:8080\"");
  } else if (!is_loopback(endpoint->host) && !with_keys) {
    problems.push_back("listen: " + c.listen +
                       " can be reached from other machines, and there is no API key yet: "
                       "make one with `postrider keys add --name NAME --data " +
                       c.data + "`, or listen on 127.0.0.1");
  }
  check_shop(c, problems);
  check_channels(c, with_keys, problems);
  check_simulator(c, problems);
  throw_if_any(problems);
}

namespace {

/// The entries of a list in a text: "a, b" → {"a", "b"}.
std::set<std::string, std::less<>> list_of(const std::string& text) {
  std::set<std::string, std::less<>> entries;
  std::string entry;
  for (const char ch : text + ",") {
    if (ch != ',' && ch != ' ') {
      entry += ch;
    } else if (!entry.empty()) {
      entries.insert(std::exchange(entry, {}));
    }
  }
  return entries;
}

}  // namespace

domain::Policy policy_of(const Config& c) {
  domain::Policy policy;
  policy.sms_not_after = c.sms.not_after;
  policy.receipt_wait = c.sms.receipt_wait;
  policy.sms_lease = c.sms.lease;
  policy.email_lease = c.email.lease;
  policy.sms_tries = c.sms.tries;
  policy.email_tries = c.email.tries;
  policy.sms_backoff = c.sms.backoff;
  policy.email_backoff = c.email.backoff;
  policy.throttle_per_hour = c.customer.per_hour;
  policy.throttle_window = c.customer.window;
  policy.retention = c.retention;
  policy.limits.monthly = c.sms.monthly_limit;
  if (c.sms.daily_limit.micros > 0) policy.limits.daily = c.sms.daily_limit;
  return policy;
}

std::optional<std::set<std::string, std::less<>>> sms_countries(const Config& c) {
  auto countries = list_of(c.sms.countries);
  if (countries.contains("*")) return std::nullopt;
  for (const auto& code : countries)
    if (!message::is_phone_region(code))
      throw UsageError{"sms.countries: \"" + code +
                       "\" is no country; write two-letter codes such as \"DE, AT\""};
  return countries;
}

std::set<std::string, std::less<>> promotional_statuses(const Config& c) {
  return list_of(c.sms.promotional);
}

std::optional<message::QuietSpan> quiet_span(const Config& c) {
  if (c.sms.quiet_hours.empty()) return std::nullopt;
  const auto span = message::parse_quiet_span(c.sms.quiet_hours);
  if (!span)
    throw UsageError{"sms.quiet_hours must be two different local times such as \"21:00-08:00\""};
  return span;
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

std::string read_secret(const std::string& key, const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    throw UsageError{key + ": can't read " + path + ": " + std::strerror(errno)};
  if ((status.st_mode & 077) != 0)
    throw UsageError{key + ": others may read " + path + "; make it yours alone: chmod 600 " +
                     path};
  std::ifstream file{path};
  std::string line;
  std::getline(file, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  if (line.empty()) throw UsageError{key + ": " + path + " is empty or can't be read"};
  return line;
}

}  // namespace postrider::settings
