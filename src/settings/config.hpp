// All settings of the program, with their defaults. Values once loaded, safe to share; loading is
// for the main thread before anything else starts. The keys stand in one table (config_keys.cpp),
// from which the file, --set, the functions' environment and `config show` follow.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/policy.hpp"
#include "settings/usage_error.hpp"

namespace postrider::settings {

/// Where Postrider runs: on one machine, or as the functions of AWS Lambda.
enum class Home : std::uint8_t { machine, aws };

/// The values that sms.carrier may have in a home; the first is the default.
std::span<const std::string_view> carriers_of(Home home);

struct Config {
  static constexpr domain::Policy policy{};  // the defaults of what the pipeline needs

  std::string data = "data";  // folder of the database, the outbox and the keys
  std::string listen = "127.0.0.1:8080";

  struct Shop {
    std::string id = "default";  // part of every notification's id
    std::string name;
    std::string region;  // ISO 3166 alpha-2
    std::string locale = "en";
    std::string tracking_link;  // see message/text/tracking_link.hpp
    std::string templates;      // file of the shop's own texts; empty: the built-in ones
  } shop;

  struct Sms {
    std::string carrier = "simulator";  // see carriers_of()
    int parts_per_second = 20;          // over all workers; 0: no limit
    std::string sender_id;
    std::string fixed_lines = "email";  // or "send"
    int batch = 100;
    int workers = 2;
    int tries = policy.sms_tries;
    int unknown_run = 5;
    domain::Milliseconds backoff = policy.sms_backoff;
    domain::Milliseconds not_after = policy.sms_not_after;
    domain::Milliseconds receipt_wait = policy.receipt_wait;
    domain::Milliseconds lease = policy.sms_lease;
    std::string prices;               // file of the carrier's prices; empty: price_per_part
    std::string unlisted = "refuse";  // or "worst_case": price_per_part
    std::string countries = "*";      // that may get SMS: "DE, AT, CH"; empty: none
    std::string currency = "USD";     // of all prices and limits
    domain::Money price_per_part{50'000};
    domain::Money max_price;             // of one message; 0: any
    std::string quiet_hours;             // "21:00-08:00"; empty: none
    std::string type = "transactional";  // or "promotional": where no other rule says
    std::string promotional;             // statuses: "review, reminder"
    std::string origination_identity;    // on AWS: number, pool or sender of the account
    bool flat_rate = false;              // price_per_part may be 0
    int per_number = 0;                  // SMS in an hour; 0: no limit
    int per_prefix = 0;                  // SMS in an hour; 0: no limit
    int per_country = 0;                 // SMS in an hour; 0: no limit
    domain::Money monthly_limit = policy.limits.monthly;
    domain::Money daily_limit;  // 0: none
  } sms;

  struct Prices {
    domain::Milliseconds max_age = std::chrono::days{180};
    int max_factor = policy.max_price_factor;
  } prices;

  struct Customer {
    int per_hour = policy.throttle_per_hour;  // 0: no limit
    domain::Milliseconds window = policy.throttle_window;
  } customer;

  struct HttpCarrier {
    std::string url;
    std::string secret_file;
    std::string ca_file;
    domain::Milliseconds timeout = std::chrono::seconds{10};
    int connections = 8;
  } http_carrier;

  struct Email {
    std::string mailer = "outbox";  // or "smtp"
    std::string from = "Order updates <orders@shop.example>";
    std::string unsubscribe_url;
    domain::Milliseconds backoff = policy.email_backoff;
    domain::Milliseconds give_up = policy.email_give_up;
    domain::Milliseconds lease = policy.email_lease;
    int batch = 50;
    int workers = 1;
  } email;

  struct Smtp {
    std::string host;
    int port = 587;
    std::string user;
    std::string password_file;
    std::string tls = "starttls";  // or "implicit", "none" (loopback only)
    std::string ca_file;
    std::string helo_name;
    domain::Milliseconds timeout = std::chrono::seconds{30};
  } smtp;

  domain::Milliseconds retention = policy.retention;
  domain::Milliseconds sweep_every = std::chrono::seconds{1};

  struct Http {
    int max_connections = 1000;
    int per_address = 100;
    int requests_per_second = 0;  // per key; 0: no limit
  } http;

  struct Log {
    std::string level = "info";  // debug, info, warning, error
    std::string file;            // empty: standard error
  } log;

  struct Simulator {  // shares are fractions from 0 to 1
    domain::Milliseconds latency{0};
    domain::Milliseconds receipt_delay{300};  // the longest; the shortest is a tenth of it
    domain::Milliseconds late_by = std::chrono::minutes{16};
    double loss = 0;
    double refuse_temporary = 0;
    double refuse_for_good = 0;
    double throttle = 0;
    double unknown = 0;
    double duplicate_receipts = 0;
    double early_receipts = 0;
    double late_receipts = 0;
    std::int64_t seed = 1;
  } simulator;
};

/// The defaults of a home.
Config defaults_of(Home home);

/// The value of an environment variable; nothing where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The sources of settings. Later ones win: defaults, the environment, the file, `sets`, then
/// `data` and `listen` of the command line.
struct ConfigSources {
  std::string file = {};               // TOML; empty: none
  std::vector<std::string> sets = {};  // "key=value"
  std::optional<std::string> data = std::nullopt;
  std::optional<std::string> listen = std::nullopt;
  Home home = Home::machine;
  Environment environment = {};  // of a function, whose variables are defaults; null: none
  /// Unknown keys are no mistakes: of a function, whose file may be a newer version's.
  bool skip_unknown = false;
};

struct LoadedConfig {
  Config config;
  Home home = Home::machine;
  std::map<std::string, std::string> origins;  // key → "postrider.toml:12", "--set", …
  std::vector<std::string> skipped;            // unknown keys with their places
  std::vector<std::string> gone;               // keys that have a successor, with their places
};

/// "postrider.toml:3: ", or nothing for a default: how a mistake in the setting begins.
std::string place_of(const LoadedConfig& loaded, const std::string& key);

/// Reads the sources. A path in the file is relative to the file's folder. Throws a UsageError that
/// lists every problem with its place: unknown keys with the nearest known name, keys of the other
/// home, wrong types, values out of range.
LoadedConfig load_config(const ConfigSources& sources);

/// Checks the settings that depend on each other and the files that settings name. Throws a
/// UsageError that lists every problem, with the place of the setting. `with_keys`: API keys exist,
/// so the service may listen off loopback.
void validate(const LoadedConfig& loaded, bool with_keys);
/// The same without the files, for a program that reads them next.
void validate_values(const LoadedConfig& loaded, bool with_keys);

/// The settings that the domain's rules need.
domain::Policy policy_of(const Config& config);

/// The countries of sms.countries; nothing where all countries may get SMS.
std::optional<std::set<std::string, std::less<>>> sms_countries(const Config& config);
/// The statuses of sms.promotional.
std::set<std::string, std::less<>> promotional_statuses(const Config& config);

// Paths within the data folder.
std::string database_path(const Config& config);
std::string outbox_path(const Config& config);
std::string keys_path(const Config& config);

/// The lines of a file that holds secrets, from 1 to `at_most`, without empty ones. Throws as
/// read_secret() does, also where there are more.
std::vector<std::string> read_secrets(const std::string& key, const std::string& path,
                                      std::size_t at_most);

/// The first line of a file that holds a secret. Throws UsageError when the file can't be read, is
/// empty, or may be read by other users (more than mode 0600). `key` names the setting in the
/// error.
std::string read_secret(const std::string& key, const std::string& path);

}  // namespace postrider::settings
