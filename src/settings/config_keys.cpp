#include "settings/config_keys.hpp"

#include <algorithm>

#include "message/money/money_text.hpp"
#include "settings/units.hpp"

namespace postrider::settings {
namespace {

template <class Field>
ConfigKey text(std::string name, Field field, std::string doc) {
  return {std::move(name),
          KeyType::text,
          std::move(doc),
          "a text without control characters",
          [field](Config& c, std::string_view v) {
            const bool printable = std::none_of(
                v.begin(), v.end(), [](unsigned char ch) { return ch < 0x20 || ch == 0x7f; });
            if (printable) field(c) = std::string{v};
            return printable;
          },
          [field](const Config& c) { return field(c); }};
}

template <class Field>
ConfigKey choice(std::string name, Field field, std::vector<std::string> choices, std::string doc) {
  std::string expects = "one of";
  for (const auto& c : choices) expects += (c == choices.front() ? " " : ", ") + c;
  return {std::move(name),
          KeyType::choice,
          std::move(doc),
          expects,
          [field, choices](Config& c, std::string_view v) {
            const bool known = std::find(choices.begin(), choices.end(), v) != choices.end();
            if (known) field(c) = std::string{v};
            return known;
          },
          [field](const Config& c) { return field(c); }};
}

template <class Field>
ConfigKey integer(std::string name, Field field, std::int64_t min, std::int64_t max,
                  std::string doc) {
  return {std::move(name),
          KeyType::integer,
          std::move(doc),
          "a whole number from " + std::to_string(min) + " to " + std::to_string(max),
          [=](Config& c, std::string_view v) {
            const auto n = parse_integer(v);
            if (!n || *n < min || *n > max) return false;
            field(c) = static_cast<std::remove_reference_t<decltype(field(c))>>(*n);
            return true;
          },
          [field](const Config& c) { return std::to_string(field(c)); }};
}

template <class Field>
ConfigKey share(std::string name, Field field, std::string doc) {
  return {std::move(name),
          KeyType::fraction,
          std::move(doc),
          "a fraction from 0 to 1",
          [field](Config& c, std::string_view v) {
            const auto n = parse_fraction(v);
            if (!n || *n < 0 || *n > 1) return false;
            field(c) = *n;
            return true;
          },
          [field](const Config& c) { return print_fraction(field(c)); }};
}

template <class Field>
ConfigKey duration(std::string name, Field field, domain::Milliseconds min,
                   domain::Milliseconds max, std::string doc) {
  return {std::move(name),
          KeyType::duration,
          std::move(doc),
          "a duration from " + print_duration(min) + " to " + print_duration(max) +
              " such as \"250ms\", \"90s\", \"15m\", \"12h\" or \"30d\"",
          [=](Config& c, std::string_view v) {
            const auto d = parse_duration(v);
            if (!d || *d < min || *d > max) return false;
            field(c) = *d;
            return true;
          },
          [field](const Config& c) { return print_duration(field(c)); }};
}

template <class Field>
ConfigKey money(std::string name, Field field, std::string doc) {
  return {std::move(name),
          KeyType::money,
          std::move(doc),
          "an amount such as \"0.05\", at most six decimals",
          [field](Config& c, std::string_view v) {
            const auto m = message::parse_money(v);
            if (m) field(c) = *m;
            return m.has_value();
          },
          [field](const Config& c) { return message::print_money(field(c)); }};
}

// A member of Config as a function that takes a Config or a const Config.
#define FIELD(path) \
  [](auto& c) -> auto& { return c.path; }

using namespace std::chrono_literals;
constexpr domain::Milliseconds zero{0};
constexpr domain::Milliseconds day = 24h;
constexpr domain::Milliseconds year = 365 * day;

void add_general(std::vector<ConfigKey>& keys) {
  keys.insert(
      keys.end(),
      {text("data", FIELD(data), "folder of the database, the outbox and the API keys"),
       text("listen", FIELD(listen), "address of the service; off loopback it needs API keys"),
       text("shop.id", FIELD(shop.id), "part of every notification's id: never change it"),
       text("shop.name", FIELD(shop.name), "the shop's name as messages say it"),
       text("shop.region", FIELD(shop.region),
            "two-letter country of phone numbers that have no country code"),
       text("shop.locale", FIELD(shop.locale), "language of messages to customers without one"),
       text("shop.tracking_link", FIELD(shop.tracking_link),
            "link where an event has none: \"https://shop.example/t/{order_id}\""),
       text("shop.templates", FIELD(shop.templates),
            "TOML file of the shop's own texts (docs/templates.md); empty: the built-in ones"),
       integer("customer.per_hour", FIELD(customer.per_hour), 0, 1'000'000,
               "notifications of one customer in a window, the others are deferred; 0: no limit"),
       duration("customer.window", FIELD(customer.window), 1s, day,
                "the window of customer.per_hour"),
       duration("retention", FIELD(retention), 1h, year,
                "how long ended notifications are kept; dead letters stay"),
       duration("sweep.every", FIELD(sweep_every), 10ms, 1h, "how often deadlines are looked at"),
       integer("http.max_connections", FIELD(http.max_connections), 1, 100'000,
               "connections at once"),
       integer("http.per_address", FIELD(http.per_address), 1, 100'000,
               "connections at once from one address"),
       integer("http.requests_per_second", FIELD(http.requests_per_second), 0, 1'000'000,
               "requests of one API key a second; 0: no limit"),
       choice("log.level", FIELD(log.level), {"debug", "info", "warning", "error"},
              "the least important lines that are logged"),
       text("log.file", FIELD(log.file), "file of the log; empty: standard error")});
}

void add_sms(std::vector<ConfigKey>& keys) {
  keys.insert(
      keys.end(),
      {choice("sms.carrier", FIELD(sms.carrier), {"simulator", "http"}, "who sends SMS"),
       integer("sms.parts_per_second", FIELD(sms.parts_per_second), 0, 100'000,
               "SMS parts a second over all workers; 0: no limit"),
       text("sms.sender_id", FIELD(sms.sender_id), "sender that phones show, if the carrier may"),
       choice("sms.fixed_lines", FIELD(sms.fixed_lines), {"email", "send"},
              "numbers that are certainly no mobile phone's: by e-mail at once, or try an SMS"),
       text("sms.quiet_hours", FIELD(sms.quiet_hours),
            "no SMS at these local times of the customer, but for urgent ones: \"21:00-08:00\""),
       text("sms.promotional", FIELD(sms.promotional),
            "statuses whose messages carriers are told to be promotional: \"review, reminder\""),
       integer("sms.per_number", FIELD(sms.per_number), 0, 1'000'000,
               "SMS to one number in an hour, the rest goes by e-mail; 0: no limit"),
       integer(
           "sms.per_prefix", FIELD(sms.per_prefix), 0, 1'000'000,
           "SMS in an hour to all numbers that differ in the last three digits only; 0: no limit"),
       integer("sms.per_country", FIELD(sms.per_country), 0, 100'000'000,
               "SMS in an hour to all numbers of one country; 0: no limit"),
       integer("sms.batch", FIELD(sms.batch), 1, 1'000, "messages a worker claims at once"),
       integer("sms.workers", FIELD(sms.workers), 0, 64, "threads that send SMS"),
       integer("sms.tries", FIELD(sms.tries), 1, 20, "definite refusals before e-mail takes over"),
       duration("sms.backoff", FIELD(sms.backoff), 1ms, 1h,
                "wait after the first refusal, doubled each time"),
       duration("sms.not_after", FIELD(sms.not_after), 1s, 7 * day,
                "how long after intake a waiting message may still go by SMS"),
       duration("sms.receipt_wait", FIELD(sms.receipt_wait), 1s, 3 * day,
                "how long to wait for a receipt before e-mail takes over"),
       duration("sms.lease", FIELD(sms.lease), 1s, 1h,
                "a claimed SMS without an answer counts as unknown after this"),
       text("sms.prices", FIELD(sms.prices),
            "TOML file of the carrier's prices by country (docs/prices.md)"),
       choice("sms.unlisted", FIELD(sms.unlisted), {"refuse", "worst_case"},
              "countries that sms.prices does not list: by e-mail, or at sms.price_per_part"),
       text("sms.currency", FIELD(sms.currency), "currency of prices and limits, as it is shown"),
       money("sms.price_per_part", FIELD(sms.price_per_part),
             "the worst case price of one SMS part, all fees included, where no list has one"),
       text("sms.countries", FIELD(sms.countries),
            "countries whose numbers may get SMS: \"DE, AT, CH\"; \"*\": all; \"\": none"),
       money("sms.max_price", FIELD(sms.max_price),
             "the most that one message may cost; a dearer one goes by e-mail; 0: no limit"),
       money("sms.monthly_limit", FIELD(sms.monthly_limit),
             "what SMS may cost in a month (UTC); past it, messages go by e-mail"),
       money("sms.daily_limit", FIELD(sms.daily_limit),
             "what SMS may cost in a day (UTC); past it, messages go by e-mail; 0: no limit"),
       text("http_carrier.url", FIELD(http_carrier.url), "where the HTTP carrier takes messages"),
       text("http_carrier.secret_file", FIELD(http_carrier.secret_file),
            "file (mode 0600) with the secret that signs requests and receipts"),
       text("http_carrier.ca_file", FIELD(http_carrier.ca_file),
            "PEM file of the authorities that vouch for the carrier; empty: the system's"),
       duration("http_carrier.timeout", FIELD(http_carrier.timeout), 100ms, 5min,
                "wait for the carrier's answer, after which the outcome counts as unknown"),
       integer("http_carrier.connections", FIELD(http_carrier.connections), 1, 256,
               "connections to the carrier")});
}

void add_email(std::vector<ConfigKey>& keys) {
  keys.insert(
      keys.end(),
      {choice("email.mailer", FIELD(email.mailer), {"outbox", "smtp"},
              "outbox: .eml files in the data folder; smtp: a mail server"),
       text("email.from", FIELD(email.from), "sender: \"Shop <orders@example.com>\""),
       text("email.unsubscribe_url", FIELD(email.unsubscribe_url),
            "https or mailto link of the List-Unsubscribe header"),
       integer("email.tries", FIELD(email.tries), 1, 50,
               "temporary refusals before an e-mail becomes a dead letter"),
       duration("email.backoff", FIELD(email.backoff), 1ms, day,
                "wait after the first refusal, doubled each time"),
       duration("email.lease", FIELD(email.lease), 1s, day,
                "a claimed e-mail without an answer is sent again after this"),
       integer("email.batch", FIELD(email.batch), 1, 1'000, "e-mails a worker claims at once"),
       integer("email.workers", FIELD(email.workers), 0, 64, "threads that send e-mail"),
       text("smtp.host", FIELD(smtp.host), "the mail server"),
       integer("smtp.port", FIELD(smtp.port), 1, 65'535,
               "port of the mail server: 587, or 465 for implicit TLS"),
       text("smtp.user", FIELD(smtp.user), "account at the mail server; empty: none"),
       text("smtp.password_file", FIELD(smtp.password_file),
            "file (mode 0600) with the account's password"),
       choice("smtp.tls", FIELD(smtp.tls), {"starttls", "implicit", "none"},
              "how the connection is encrypted; none only to this machine"),
       text("smtp.ca_file", FIELD(smtp.ca_file),
            "PEM file of the authorities that vouch for the mail server; empty: the system's"),
       text("smtp.helo_name", FIELD(smtp.helo_name),
            "name that this machine greets with (RFC 5321 §4.1.1.1); empty: \"localhost\""),
       duration("smtp.timeout", FIELD(smtp.timeout), 100ms, 10min,
                "longest time that handing one e-mail to the server may take")});
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

}  // namespace

std::span<const ConfigKey> config_keys() {
  static const std::vector<ConfigKey> keys = [] {
    std::vector<ConfigKey> all;
    add_general(all);
    add_sms(all);
    add_email(all);
    add_simulator(all);
    return all;
  }();
  return keys;
}

const ConfigKey* find_config_key(std::string_view name) {
  const auto keys = config_keys();
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const ConfigKey& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

std::string suggestion(std::string_view unknown_key) {
  std::vector<std::string> names;
  for (const auto& key : config_keys()) names.push_back(key.name);
  const std::string best = nearest(unknown_key, names);
  return best.empty() ? "" : " (did you mean \"" + best + "\"?)";
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

}  // namespace postrider::settings
