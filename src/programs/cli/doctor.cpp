#include "programs/cli/doctor.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "adapters/sqlite/database/database.hpp"
#include "message/money/money_text.hpp"
#include "programs/serve/api_keys.hpp"
#include "programs/serve/local_service.hpp"
#include "programs/serve/mail_advice.hpp"
#include "programs/serve/providers.hpp"
#include "programs/store_access/client.hpp"
#include "programs/system_clock.hpp"
#include "programs/terminal.hpp"
#include "settings/price_file.hpp"
#include "settings/template_file.hpp"
#include "settings/units.hpp"

namespace postrider::programs {
namespace {

namespace fs = std::filesystem;

// A day of 4,000 orders takes about 10 MB; the write-ahead log and a vacuum need room as well.
constexpr std::uint64_t min_free_bytes = 100ULL << 20;
constexpr std::uint64_t comfortable_free_bytes = 1ULL << 30;

/// The folder itself, or the nearest folder above it that exists.
fs::path nearest_existing(const fs::path& folder) {
  std::error_code error;
  fs::path path = fs::absolute(folder, error);
  while (!path.empty() && path != path.root_path() && !fs::exists(path, error))
    path = path.parent_path();
  return path;
}

Check check_folder(const settings::Config& c) {
  std::error_code error;
  if (fs::symlink_status(c.data, error).type() != fs::file_type::not_found &&
      !fs::is_directory(c.data, error))
    return {"data folder", Health::fail, c.data + " is not a folder", "choose another by --data"};
  const fs::path folder = nearest_existing(c.data);
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return {"data folder", Health::fail, "can't write in " + folder.string(),
            "make the service's user the owner: chown USER " + folder.string()};
  if (!fs::exists(c.data, error))
    return {"data folder", Health::warn, c.data + " does not exist yet",
            "`postrider serve` makes it"};
  return {"data folder", Health::ok, c.data + " can be written", ""};
}

Check check_space(const settings::Config& c) {
  struct statvfs status {};
  if (::statvfs(nearest_existing(c.data).c_str(), &status) != 0)
    return {"disk space", Health::warn, "the free space can't be read", ""};
  const std::uint64_t free = status.f_bavail * status.f_frsize;
  const std::string text = grouped(free >> 20) + " MiB free";
  if (free < min_free_bytes)
    return {"disk space", Health::fail, text, "make room: intake stops when the disk is full"};
  if (free < comfortable_free_bytes) return {"disk space", Health::warn, text, "make room soon"};
  return {"disk space", Health::ok, text, ""};
}

Check check_database(const settings::Config& c) {
  const std::string path = settings::database_path(c);
  std::error_code error;
  if (!fs::exists(path, error))
    return {"database", Health::ok, "none yet", "`postrider serve` makes " + path};
  const auto database = adapters::sqlite::Database::open_reader(c.data);
  if (database) return {"database", Health::ok, path + " opens, its tables fit this program", ""};
  const auto text = path + ": " + database.error().what;
  const auto kind = database.error().kind;
  if (kind == domain::ErrorKind::invalid)
    return {"database", Health::warn, text, "`postrider serve` upgrades it"};
  return {"database", Health::fail, text, std::string{advice_on(kind)}};
}

/// A failed check for each line of `problems`.
void add_failures(std::vector<Check>& checks, const std::string& name, const std::string& problems,
                  const std::string& todo) {
  std::istringstream lines{problems};
  for (std::string line; std::getline(lines, line);)
    checks.push_back({name, Health::fail, line, todo});
}

Check check_keys(const settings::Config& c, const std::vector<ApiKey>& keys) {
  std::size_t valid = 0;
  for (const auto& key : keys) valid += key.revoked ? 0 : 1;
  if (keys.empty())
    return {"API keys", Health::warn, "none: every program on this machine may call the service",
            "`postrider keys add --name NAME --data " + c.data + "`"};
  if (valid == 0)
    return {"API keys", Health::fail, "all are revoked: nobody may call the service",
            "`postrider keys add --name NAME --data " + c.data + "`"};
  return {"API keys", Health::ok, std::to_string(valid) + " valid", ""};
}

bool can_bind(const settings::Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found) !=
      0)
    return false;
  bool bound = false;
  for (const addrinfo* a = found; a != nullptr && !bound; a = a->ai_next) {
    const int s = ::socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
    if (s < 0) continue;
    const int on = 1;
    ::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bound = ::bind(s, a->ai_addr, a->ai_addrlen) == 0;
    ::close(s);
  }
  ::freeaddrinfo(found);
  return bound;
}

Check check_port(const settings::Config& c) {
  const auto endpoint = settings::parse_endpoint(c.listen);
  if (can_bind(*endpoint)) return {"port", Health::ok, c.listen + " is free", ""};
  const bool any = endpoint->host == "0.0.0.0" || endpoint->host == "::";
  const std::string host = any ? "127.0.0.1"
                           : endpoint->host.find(':') == std::string::npos
                               ? endpoint->host
                               : "[" + endpoint->host + "]";
  try {
    HttpClient client{"http://" + host + ":" + std::to_string(endpoint->port), ""};
    if (client.call("GET", "/healthz").status == 200)
      return {"port", Health::ok, "a service answers at " + c.listen, ""};
  } catch (const Refused&) {
    // The program that has the port does not speak HTTP: the check fails below.
  }
  return {"port", Health::fail, c.listen + " can't be used: another program has this port",
          "end that program, or choose another port by --listen"};
}

Check check_carrier(const settings::Config& c, settings::Home home) {
  if (home == settings::Home::aws)
    return {"SMS carrier", Health::ok,
            c.sms.carrier + ": what the account may send is AWS's to say", ""};
  if (c.sms.carrier == "simulator")
    return {"SMS carrier", Health::warn, "the built-in simulator: no SMS leaves this machine",
            "set sms.carrier and its settings before the service is for real customers"};
  const std::string host = settings::host_of_url(c.http_carrier.url);
  SystemClock clock;
  if (const auto problem = http_carrier_of(c, clock, nullptr)->reach(); !problem.empty())
    return {"SMS carrier", Health::fail, host + " can't be reached: " + problem,
            "check http_carrier.url, the network and the firewall"};
  if (c.http_carrier.secret_file.empty())
    return {"SMS carrier", Health::warn, host + " answers; requests and receipts are not signed",
            "set http_carrier.secret_file"};
  if (!c.http_carrier.url.starts_with("https://") && !settings::is_loopback(host))
    return {"SMS carrier", Health::warn, "messages travel unencrypted to " + host,
            "use an https address"};
  return {"SMS carrier", Health::ok, "HTTP carrier at " + host + " answers", ""};
}

/// A day as price lists have it; such texts sort in the order of time.
std::string date_of(domain::TimePoint time) {
  return std::to_string(domain::day_of(time)).insert(6, "-").insert(4, "-");
}

Check check_prices(const settings::Config& c, const message::PriceTable& prices,
                   domain::TimePoint now) {
  if (const auto allowed = settings::sms_countries(c); allowed && allowed->empty())
    return {"prices", Health::warn, "sms.countries is empty: everything goes by e-mail",
            "name the countries that may get SMS, or \"*\""};
  if (prices.size() == 0)
    return {"prices", c.sms.carrier == "simulator" ? Health::ok : Health::warn,
            "no list: every country is taken to cost " +
                message::print_money(c.sms.price_per_part) + " " + c.sms.currency + " a part",
            "name a file with your carrier's prices in sms.prices"};
  const std::string found = std::to_string(prices.size()) + " prices";
  if (prices.newest() > date_of(now + std::chrono::days{1}))
    return {"prices", Health::warn,
            found + ", one of " + std::string{prices.newest()} + ", which is yet to come",
            "correct its date, or this list never counts as old"};
  if (const auto old = prices.older_than(date_of(now - c.prices.max_age)); old > 0)
    return {"prices", Health::warn,
            found + ", " + std::to_string(old) + " older than " +
                settings::print_duration(c.prices.max_age) + " (prices.max_age)",
            "compare them with your carrier's list, and give the date"};
  return {"prices", Health::ok, found + ", the newest of " + std::string{prices.newest()}, ""};
}

/// Whether customers without a language read the shop's; nothing where they do.
std::optional<Check> check_language(const settings::Config& c) {
  const auto language = message::folded(c.shop.locale).substr(0, c.shop.locale.find_first_of("-_"));
  for (const auto& text : settings::templates_of(c).list())
    if (text.patterns.locale == language || text.patterns.locale.starts_with(language + "-"))
      return std::nullopt;
  return Check{"texts", Health::warn,
               "there are none in \"" + c.shop.locale + "\" (shop.locale): customers read English",
               "write them into the file of shop.templates"};
}

/// Whether the dearest message has room in the limits. What none has room in, validate() refuses.
Check check_limits(const settings::Config& c, const message::PriceTable& prices) {
  const auto range = prices.range(c.sms.carrier, settings::sms_countries(c));
  if (!range) return {"limits", Health::ok, "no SMS, so none to limit", ""};
  const auto dearest = range->highest;
  for (const auto& [key, limit] : {std::pair{"sms.monthly_limit", c.sms.monthly_limit},
                                   std::pair{"sms.daily_limit", c.sms.daily_limit},
                                   std::pair{"sms.max_price", c.sms.max_price}})
    if (limit.micros > 0 && limit < dearest)
      return {"limits", Health::warn,
              std::string{key} + " is " + message::print_money(limit) +
                  ", less than one part to the dearest country (" + message::print_money(dearest) +
                  ")",
              "raise it, or leave that country out of sms.countries"};
  return {"limits", Health::ok,
          message::print_money(c.sms.monthly_limit) + " " + c.sms.currency + " a month", ""};
}

Check check_log(const settings::Config& c) {
  // The service makes the folders of the file.
  const auto place = nearest_existing(c.log.file);
  std::error_code error;
  const bool is_place = fs::exists(c.log.file, error) ? !fs::is_directory(c.log.file, error)
                                                      : fs::is_directory(place, error);
  if (!is_place) errno = fs::is_directory(c.log.file, error) ? EISDIR : ENOTDIR;
  if (!is_place || ::access(place.c_str(), W_OK) != 0)
    return {"log", Health::fail,
            "log.file: can't write " + c.log.file + ": " + std::strerror(errno),
            "correct log.file, or let the service's user write there"};
  return {"log", Health::ok, c.log.file + " can be written", ""};
}

/// Of AWS, where SES says by itself for whom it may send.
Check check_sender(const settings::Config& c) {
  return {"mailer", Health::ok, "SES, as " + c.email.from, ""};
}

std::vector<Check> check_mailer(const settings::Config& c) {
  if (c.email.mailer == "outbox")
    return {{"mailer", Health::warn,
             "files in " + settings::outbox_path(c) + ": no e-mail leaves this machine",
             "set email.mailer=smtp and smtp.host before the service is for real customers"}};
  if (c.email.from == settings::Config{}.email.from)
    return {{"mailer", Health::warn, "email.from is still the example address", "set email.from"}};
  SystemClock clock;
  const auto offer = smtp_of(c, clock)->ask();
  std::vector<Check> checks;
  for (const auto& advice : mail_advice(c, offer))
    checks.push_back(
        {"mailer", advice.fails ? Health::fail : Health::warn, advice.finding, advice.todo});
  if (!checks.empty()) return checks;
  const std::string server = c.smtp.host + ":" + std::to_string(c.smtp.port);
  const std::string size =
      offer.size ? ", mails up to " + grouped(static_cast<std::uint64_t>(*offer.size)) + " octets"
                 : "";
  return {{"mailer", Health::ok,
           server + (c.smtp.user.empty() ? " answers, no account is set" : " accepts the account") +
               size + (offer.any_address ? ", any address (SMTPUTF8)" : ", ASCII addresses alone"),
           ""}};
}

}  // namespace

std::string_view name(Health health) {
  switch (health) {
    case Health::ok: return "ok";
    case Health::warn: return "warn";
    case Health::fail: return "fail";
  }
  return "fail";
}

std::vector<Check> examine(const settings::ConfigSources& sources) {
  std::vector<Check> checks;
  settings::LoadedConfig loaded;
  domain::Result<std::vector<ApiKey>> keys{std::vector<ApiKey>{}};
  const bool machine = sources.home == settings::Home::machine;
  try {
    loaded = settings::load_config(sources);
    // As the service starts.
    if (machine) keys = load_keys(settings::keys_path(loaded.config));
    settings::validate(loaded, !machine || !keys || !keys->empty());
    if (machine) check_providers(loaded);
  } catch (const UsageError& e) {
    add_failures(checks, "configuration", e.what(), "correct the settings, then run this again");
    return checks;
  }
  const auto& config = loaded.config;
  checks.push_back({"configuration", Health::ok,
                    sources.file.empty() ? "defaults, no file" : sources.file + " is fine", ""});
  if (machine) {
    checks.push_back(check_folder(config));
    checks.push_back(check_space(config));
    checks.push_back(check_database(config));
    if (keys)
      checks.push_back(check_keys(config, *keys));
    else
      add_failures(checks, "API keys", keys.error().what, "correct the file");
    checks.push_back(check_port(config));
    if (!config.log.file.empty()) checks.push_back(check_log(config));
  }
  checks.push_back(check_carrier(config, sources.home));
  const auto prices = settings::prices_of(config);  // can't throw: validate() has read the file
  checks.push_back(check_prices(config, prices, SystemClock{}.now()));
  if (auto check = check_language(config)) checks.push_back(std::move(*check));
  checks.push_back(check_limits(config, prices));
  for (const auto& gone : loaded.gone)
    checks.push_back({"configuration", Health::warn, gone, "take it out"});
  if (!machine) checks.push_back(check_sender(config));
  if (machine)
    for (auto& check : check_mailer(config)) checks.push_back(std::move(check));
  return checks;
}

}  // namespace postrider::programs
