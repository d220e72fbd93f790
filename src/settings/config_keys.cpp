#include "settings/config_keys.hpp"

#include <algorithm>
#include <array>

#include "message/money/money_text.hpp"
#include "message/text/ascii.hpp"
#include "message/text/nearest_name.hpp"
#include "settings/key_types.hpp"
#include "settings/units.hpp"

namespace postrider::settings {
namespace {

using namespace key_types;

// A member of Config as a function that takes a Config or a const Config.
#define FIELD(path) \
  [](auto& c) -> auto& { return c.path; }

using namespace std::chrono_literals;
constexpr domain::Milliseconds zero{0};
constexpr domain::Milliseconds day = 24h;
constexpr domain::Milliseconds year = 365 * day;

std::vector<std::string> all_carriers() {
  std::vector<std::string> all;
  for (const auto home : {Home::machine, Home::aws})
    for (const auto carrier : carriers_of(home)) all.emplace_back(carrier);
  return all;
}

/// True for keys of the sections that only one machine has.
bool is_of_machine_section(std::string_view name) {
  constexpr std::array<std::string_view, 6> sections{"sweep.",        "http.", "log.",
                                                     "http_carrier.", "smtp.", "simulator."};
  return std::any_of(sections.begin(), sections.end(),
                     [&](std::string_view section) { return name.starts_with(section); });
}

void add_general(std::vector<ConfigKey>& keys) {
  keys.insert(
      keys.end(),
      {path("data", FIELD(data), "folder of the database, the outbox and the API keys")
           .only(Homes::machine),
       text("listen", FIELD(listen), "address of the service; off loopback it needs API keys")
           .only(Homes::machine),
       text("shop.id", FIELD(shop.id), "part of every notification's id: never change it"),
       text("shop.name", FIELD(shop.name), "the shop's name as messages say it").from("SHOP_NAME"),
       text("shop.region", FIELD(shop.region),
            "two-letter country of phone numbers that have no country code")
           .from("SHOP_REGION"),
       text("shop.locale", FIELD(shop.locale), "language of messages to customers without one")
           .from("SHOP_LOCALE"),
       text("shop.tracking_link", FIELD(shop.tracking_link),
            "link where an event has none: \"https://shop.example/t/{order_id}\"")
           .from("TRACKING_LINK"),
       path("shop.templates", FIELD(shop.templates),
            "TOML file of the shop's own texts (docs/templates.md); empty: the built-in ones")
           .from("EMAIL_TEMPLATE"),
       integer("customer.per_hour", FIELD(customer.per_hour), 0, 1'000'000,
               "notifications to one person in a window, the others are deferred; 0: no limit")
           .from("CUSTOMER_PER_HOUR"),
       duration("customer.window", FIELD(customer.window), 1s, day,
                "the window of customer.per_hour"),
       duration("retention", FIELD(retention), 1h, 10 * year,
                "how long ended notifications are kept; dead letters stay")
           .from("RETENTION_DAYS", "d"),
       duration("sweep.every", FIELD(sweep_every), 10ms, 1h, "how often deadlines are looked at"),
       integer("http.max_connections", FIELD(http.max_connections), 1, 100'000,
               "connections at once"),
       integer("http.per_address", FIELD(http.per_address), 1, 100'000,
               "connections at once from one address"),
       integer("http.requests_per_second", FIELD(http.requests_per_second), 0, 1'000'000,
               "requests of one API key a second; 0: no limit"),
       choice("log.level", FIELD(log.level), {"debug", "info", "warning", "error"},
              "the least important lines that are logged"),
       path("log.file", FIELD(log.file), "file of the log; empty: standard error")});
}

void add_sms(std::vector<ConfigKey>& keys) {
  keys.insert(
      keys.end(),
      {choice("sms.carrier", FIELD(sms.carrier), all_carriers(),
              "who sends SMS: simulator or http on one machine, sns or end_user_messaging on AWS")
           .from("SMS_CARRIER"),
       integer("sms.parts_per_second", FIELD(sms.parts_per_second), 0, 100'000,
               "SMS parts a second over all workers; 0: no limit")
           .from("SMS_PARTS_PER_SECOND"),
       text("sms.sender_id", FIELD(sms.sender_id), "sender that phones show, if the carrier may")
           .from("DEFAULT_SENDER_ID"),
       choice("sms.fixed_lines", FIELD(sms.fixed_lines), {"email", "send"},
              "numbers that are certainly no mobile phone's: by e-mail at once, or try an SMS"),
       text("sms.quiet_hours", FIELD(sms.quiet_hours),
            "no SMS at these local times of the customer, but for urgent ones: \"21:00-08:00\"")
           .from("QUIET_HOURS"),
       choice("sms.type", FIELD(sms.type), {"transactional", "promotional"},
              "type of the SMS that sms.promotional does not name")
           .from("SMS_TYPE"),
       text("sms.origination_identity", FIELD(sms.origination_identity),
            "number, pool or sender of the account to send from: \"pool-…\", \"phone-…\"")
           .only(Homes::aws)
           .from("ORIGINATION_IDENTITY"),
       text("sms.promotional", FIELD(sms.promotional),
            "statuses whose messages carriers are told to be promotional: \"review, reminder\""),
       integer("sms.per_number", FIELD(sms.per_number), 0, 1'000'000,
               "SMS to one number in an hour, the rest goes by e-mail; 0: no limit"),
       integer(
           "sms.per_prefix", FIELD(sms.per_prefix), 0, 1'000'000,
           "SMS in an hour to all numbers that differ in the last three digits only; 0: no limit"),
       integer("sms.per_country", FIELD(sms.per_country), 0, 100'000'000,
               "SMS in an hour to all numbers of one country; 0: no limit"),
       integer("sms.batch", FIELD(sms.batch), 1, 1'000, "messages a worker claims at once, at most")
           .only(Homes::machine),
       integer("sms.workers", FIELD(sms.workers), 0, 64, "threads that send SMS")
           .only(Homes::machine),
       integer("sms.tries", FIELD(sms.tries), 1, 20, "definite refusals before e-mail takes over"),
       integer("sms.unknown_run", FIELD(sms.unknown_run), 1, 1'000,
               "SMS in a row without an answer after which the others wait and probes go"),
       duration("sms.backoff", FIELD(sms.backoff), 1ms, 1h,
                "wait after the first refusal, doubled each time"),
       duration("sms.not_after", FIELD(sms.not_after), 1s, 7 * day,
                "how long after intake a waiting message may still go by SMS")
           .from("SMS_NOT_AFTER_HOURS", "h"),
       duration("sms.receipt_wait", FIELD(sms.receipt_wait), 1s, 3 * day,
                "how long to wait for a receipt before e-mail takes over")
           .from("RECEIPT_WAIT_MINUTES", "m"),
       duration("sms.lease", FIELD(sms.lease), 1s, 1h,
                "a claimed SMS without an answer counts as unknown after this")
           .only(Homes::machine)});
}

void add_prices(std::vector<ConfigKey>& keys) {
  keys.insert(
      keys.end(),
      {path("sms.prices", FIELD(sms.prices),
            "TOML file of the carrier's prices by country (docs/prices.md)"),
       choice("sms.unlisted", FIELD(sms.unlisted), {"refuse", "worst_case"},
              "countries that sms.prices does not list: by e-mail, or at sms.price_per_part"),
       duration("prices.max_age", FIELD(prices.max_age), day, 10 * year,
                "how old a price may be before the doctor warns of it"),
       integer("prices.max_factor", FIELD(prices.max_factor), 2, 1'000,
               "a receipt's price that is so many times the expected one, or so small a part of it,"
               " is reported and not booked"),
       flag("sms.flat_rate", FIELD(sms.flat_rate),
            "SMS cost nothing a part, so that sms.price_per_part may be 0"),
       text("sms.currency", FIELD(sms.currency), "currency of prices and limits, as it is shown"),
       money("sms.price_per_part", FIELD(sms.price_per_part),
             "the worst case price of one SMS part, all fees included, where no list has one"),
       text("sms.countries", FIELD(sms.countries),
            "countries whose numbers may get SMS: \"DE, AT, CH\"; \"*\": all; \"\": none")
           .from("SMS_COUNTRIES"),
       money("sms.max_price", FIELD(sms.max_price),
             "the most that one message may cost; a dearer one goes by e-mail; 0: no limit"),
       money("sms.monthly_limit", FIELD(sms.monthly_limit),
             "what SMS may cost in a month (UTC); past it, messages go by e-mail")
           .from("SMS_SPENDING_LIMIT"),
       money("sms.daily_limit", FIELD(sms.daily_limit),
             "what SMS may cost in a day (UTC); past it, messages go by e-mail; 0: no limit")
           .from("SMS_DAILY_LIMIT")});
}

void add_http_carrier(std::vector<ConfigKey>& keys) {
  keys.insert(
      keys.end(),
      {text("http_carrier.url", FIELD(http_carrier.url), "where the HTTP carrier takes messages"),
       path("http_carrier.secret_file", FIELD(http_carrier.secret_file),
            "file (mode 0600) with the secret that signs requests and receipts; two lines while it "
            "is changed, the new one first"),
       path("http_carrier.ca_file", FIELD(http_carrier.ca_file),
            "PEM file of the authorities that vouch for the carrier; empty: the system's"),
       duration("http_carrier.timeout", FIELD(http_carrier.timeout), 100ms, 5min,
                "wait for the carrier's answer, after which the outcome counts as unknown"),
       integer("http_carrier.connections", FIELD(http_carrier.connections), 1, 256,
               "connections to the carrier; no more SMS are claimed at once, nor unknown after a "
               "crash")});
}

void add_email(std::vector<ConfigKey>& keys) {
  keys.insert(
      keys.end(),
      {choice("email.mailer", FIELD(email.mailer), {"outbox", "smtp"},
              "outbox: .eml files in the data folder; smtp: a mail server")
           .only(Homes::machine),
       text("email.from", FIELD(email.from), "sender: \"Shop <orders@example.com>\"")
           .from("FROM_EMAIL"),
       text("email.unsubscribe_url", FIELD(email.unsubscribe_url),
            "https or mailto link of the List-Unsubscribe header")
           .from("UNSUBSCRIBE_URL"),
       duration("email.backoff", FIELD(email.backoff), 1ms, day,
                "wait after the first refusal, doubled each time up to 30 minutes"),
       duration("email.give_up", FIELD(email.give_up), 1s, 30 * day,
                "how long a recipient's refusals for now are waited for, all waits together; then "
                "the e-mail is a dead letter"),
       duration("email.lease", FIELD(email.lease), 1s, day,
                "a claimed e-mail whose process died is sent again after this, or after twice "
                "smtp.timeout")
           .only(Homes::machine),
       integer("email.batch", FIELD(email.batch), 1, 1'000, "e-mails a worker claims at once")
           .only(Homes::machine),
       integer("email.workers", FIELD(email.workers), 0, 64, "threads that send e-mail")
           .only(Homes::machine),
       text("smtp.host", FIELD(smtp.host), "the mail server"),
       integer("smtp.port", FIELD(smtp.port), 1, 65'535,
               "port of the mail server: 587, or 465 for implicit TLS"),
       text("smtp.user", FIELD(smtp.user), "account at the mail server; empty: none"),
       path("smtp.password_file", FIELD(smtp.password_file),
            "file (mode 0600) with the account's password"),
       choice("smtp.tls", FIELD(smtp.tls), {"starttls", "implicit", "none"},
              "how the connection is encrypted; none only to this machine"),
       path("smtp.ca_file", FIELD(smtp.ca_file),
            "PEM file of the authorities that vouch for the mail server; empty: the system's"),
       text("smtp.helo_name", FIELD(smtp.helo_name),
            "name that this machine greets with (RFC 5321 §4.1.1.1); empty: \"localhost\""),
       duration("smtp.timeout", FIELD(smtp.timeout), 100ms, 10min,
                "wait for each answer of the server; for that to a whole e-mail ten minutes "
                "(RFC 5321 §4.5.3.2.6)")});
}

void add_simulator(std::vector<ConfigKey>& keys) {
  keys.insert(
      keys.end(),
      {duration("simulator.latency", FIELD(simulator.latency), zero, 1h, "wait before each answer"),
       duration("simulator.receipt_delay", FIELD(simulator.receipt_delay), zero, 1h,
                "longest wait between answer and receipt"),
       duration("simulator.late_by", FIELD(simulator.late_by), zero, 3 * day,
                "how late the late receipts are"),
       share("simulator.loss", FIELD(simulator.loss), "share of messages without any receipt"),
       share("simulator.refuse_temporary", FIELD(simulator.refuse_temporary),
             "share of submissions refused for now"),
       share("simulator.refuse_for_good", FIELD(simulator.refuse_for_good),
             "share of submissions refused for good"),
       share("simulator.throttle", FIELD(simulator.throttle), "share of submissions throttled"),
       share("simulator.unknown", FIELD(simulator.unknown), "share of submissions cut off"),
       share("simulator.duplicate_receipts", FIELD(simulator.duplicate_receipts),
             "share of receipts that come twice"),
       share("simulator.early_receipts", FIELD(simulator.early_receipts),
             "share of receipts that come before the answer"),
       share("simulator.late_receipts", FIELD(simulator.late_receipts),
             "share of receipts that come after the deadline"),
       integer("simulator.seed", FIELD(simulator.seed), 0, INT64_MAX,
               "start of the random numbers; the same seed gives the same behaviour")});
}

#undef FIELD

/// The key that somebody may have meant by `name`: the same in another case, a variable, the same
/// word in another section, a longer or similar word in the same section, a similar name.
std::string meant_key(const std::string& name) {
  const auto keys = config_keys();
  const auto first = [&](const auto& fits) {
    const auto found = std::find_if(keys.begin(), keys.end(), fits);
    return found == keys.end() ? std::string{} : found->name;
  };
  const auto word = short_name(name);
  const auto section = name.substr(0, name.size() - word.size());
  const auto same_section = [&](const ConfigKey& key) {
    return !section.empty() && key.name.starts_with(section);
  };
  if (auto key = first([&](const ConfigKey& k) {
        return k.name == name || (!k.variable.empty() && message::lower(k.variable) == name);
      });
      !key.empty())
    return key;
  if (auto key = first([&](const ConfigKey& k) { return short_name(k.name) == word; });
      !key.empty())
    return key;
  if (auto key = first([&](const ConfigKey& k) { return k.name.starts_with(name + "."); });
      !key.empty())
    return "[" + name + "]";
  constexpr std::size_t telling = 4;  // letters of a word that is a part of another
  if (auto key = first([&](const ConfigKey& k) {
        return same_section(k) && word.size() >= telling &&
               short_name(k.name).find(word) != std::string::npos;
      });
      !key.empty())
    return key;
  std::vector<std::string_view> names;
  for (const auto& key : keys)
    if (same_section(key)) names.push_back(short_name(key.name));
  if (const auto near = message::nearest_name(word, names);
      near && near->distance <= std::max<std::size_t>(1, word.size() / 4))
    return section + std::string{near->name};
  names.clear();
  for (const auto& key : keys) names.push_back(key.name);
  const auto near = message::nearest_name(name, names);
  return near && near->distance <= std::max<std::size_t>(1, name.size() / 4)
             ? std::string{near->name}
             : "";
}

}  // namespace

std::span<const ConfigKey> config_keys() {
  static const std::vector<ConfigKey> keys = [] {
    std::vector<ConfigKey> all;
    add_general(all);
    add_sms(all);
    add_prices(all);
    add_http_carrier(all);
    add_email(all);
    add_simulator(all);
    for (auto& key : all)
      if (is_of_machine_section(key.name)) key.homes = Homes::machine;
    return all;
  }();
  return keys;
}

std::string_view short_name(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::string_view successor_of(std::string_view gone) {
  struct Gone {
    std::string_view name, successor;
  };
  constexpr std::array all{Gone{"email.tries", "email.give_up"}};
  const auto* const found =
      std::find_if(all.begin(), all.end(), [&](const Gone& key) { return key.name == gone; });
  return found == all.end() ? std::string_view{} : found->successor;
}

const ConfigKey* find_config_key(std::string_view name) {
  const auto keys = config_keys();
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const ConfigKey& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

std::string suggestion(std::string_view unknown_key) {
  const auto found = meant_key(message::lower(unknown_key));
  if (found.empty()) return "";
  const bool above = found.find('.') == found.npos && unknown_key.find('.') != unknown_key.npos;
  return " (did you mean \"" + found + "\"?" + (above ? " It stands above the first section" : "") +
         ")";
}

std::string mistake_in(const ConfigKey& key, std::string_view value) {
  constexpr std::size_t max_shown = 60;
  std::string shown{value.substr(0, max_shown)};
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  std::string text = key.name + " must be " + key.expects + ", not \"" + shown +
                     (value.size() > max_shown ? "…" : "") + "\"";
  if (key.type == KeyType::money) text.append(", which ").append(message::money_mistake(value));
  return text;
}

std::string shown_value(const ConfigKey& key, const Config& config) {
  std::string value = key.print(config);
  const auto scheme = value.find("://");
  if (key.type != KeyType::text || scheme == value.npos) return value;
  const auto begin = scheme + 3;
  const auto at = value.substr(0, value.find_first_of("/?#", begin)).rfind('@');
  if (at != value.npos && at > begin) value.replace(begin, at - begin, "***");
  return value;
}

std::optional<std::string> variable_value(const ConfigKey& key, const Config& config) {
  if (key.variable.empty() || key.type == KeyType::path) return std::nullopt;
  auto value = key.print(config);
  // The design's words are "Transactional" and "Promotional"; functions of before take no others.
  if (key.name == "sms.type") value.front() = value == "promotional" ? 'P' : 'T';
  if (key.variable_unit.empty()) return value;
  const auto unit = parse_duration("1" + key.variable_unit);
  const auto duration = parse_duration(value);
  if (!unit || !duration || *duration % *unit != domain::Milliseconds{0}) return std::nullopt;
  return std::to_string(*duration / *unit);
}

std::string_view name(KeyType type) {
  switch (type) {
    case KeyType::text: return "text";
    case KeyType::choice: return "choice";
    case KeyType::flag: return "true or false";
    case KeyType::integer: return "number";
    case KeyType::fraction: return "fraction";
    case KeyType::duration: return "duration";
    case KeyType::money: return "amount";
    case KeyType::path: return "path";
  }
  return "text";
}

}  // namespace postrider::settings
