#include <algorithm>
#include <sstream>

#include "message/email/mime.hpp"
#include "message/money/money_text.hpp"
#include "message/time/quiet_hours.hpp"
#include "settings/aws_checks.hpp"
#include "settings/checks.hpp"
#include "settings/config.hpp"
#include "settings/config_keys.hpp"
#include "settings/lists.hpp"
#include "settings/price_file.hpp"
#include "settings/template_file.hpp"
#include "settings/toml_file.hpp"
#include "settings/units.hpp"

namespace postrider::settings {
namespace {

using message::print_money;

/// The check of one configuration: its mistakes, each with the place of the setting.
class Validation {
 public:
  Validation(const LoadedConfig& loaded, bool with_keys)
      : loaded_{loaded}, c_{loaded.config}, with_keys_{with_keys} {}

  Problems values() {
    check_shop();
    check_sms();
    check_email();
    if (loaded_.home == Home::machine) {
      check_service();
      check_http_carrier();
      check_smtp();
      check_simulator();
    } else {
      check_aws();
    }
    return problems_;
  }

  Problems values_and_files() {
    values();
    collect([&] { templates_of(c_); });
    collect([&] { check_limits(prices_of(c_)); });
    return problems_;
  }

 private:
  /// Notes that `key` `what`: "postrider.toml:3: sms.sender_id = \"…\" is …".
  void refuse(const std::string& key, const std::string& what) {
    problems_.push_back(place_of(loaded_, key) + key + " " + what);
  }
  /// Notes the mistake in a value; none where `mistake` is empty.
  void refuse_value(const std::string& key, const std::string& value, const std::string& mistake) {
    if (!mistake.empty()) refuse(key, "= \"" + value + "\" " + mistake);
  }
  /// Runs what throws a UsageError for mistakes in a file or a value.
  template <class Read>
  void collect(const Read& read) {
    try {
      read();
    } catch (const UsageError& e) {
      std::istringstream lines{e.what()};
      for (std::string line; std::getline(lines, line);) {
        const auto key = line.substr(0, line.find_first_of(": "));
        problems_.push_back(find_config_key(key) == nullptr ? line : place_of(loaded_, key) + line);
      }
    }
  }

  void check_shop() {
    const auto& shop = c_.shop;
    if (shop.id.empty()) refuse("shop.id", "must not be empty");
    if (!shop.region.empty())
      refuse_value("shop.region", shop.region, country_mistake(shop.region));
    refuse_value("shop.locale", shop.locale, locale_mistake(shop.locale));
    if (!shop.tracking_link.empty())
      refuse_value("shop.tracking_link", shop.tracking_link,
                   tracking_link_mistake(shop.tracking_link));
  }

  void check_sms() {
    const auto& sender = c_.sms.sender_id;
    refuse_value("sms.sender_id", sender,
                 loaded_.home == Home::aws ? aws_sender_mistake(sender) : sender_mistake(sender));
    if (!c_.sms.quiet_hours.empty() && !message::parse_quiet_span(c_.sms.quiet_hours))
      refuse_value("sms.quiet_hours", c_.sms.quiet_hours,
                   "must be two different local times such as \"21:00-08:00\"");
    for (const auto& code : list_of(c_.sms.countries))
      if (code != "*") refuse_value("sms.countries", code, country_mistake(code));
  }

  /// A limit that no message fits into, or a list of another carrier's prices, would send
  /// everything by e-mail, silently.
  void check_limits(const message::PriceTable& prices) {
    const auto countries = sms_countries(c_);
    if (countries && countries->empty()) return;
    const auto range = prices.range(c_.sms.carrier, countries);
    if (!range)
      return refuse("sms.prices", "has no price of " + c_.sms.carrier +
                                      (countries ? " for a country of sms.countries" : "") +
                                      ", so no SMS could be sent: give rows carrier = \"" +
                                      c_.sms.carrier + "\" or none");
    const auto must_have_room = [&](const char* key, domain::Money limit) {
      if (limit < range->lowest)
        refuse(key, "is " + print_money(limit) + ", less than one part costs (" +
                        print_money(range->lowest) +
                        "), so no SMS could be sent: raise it, or send by e-mail alone with "
                        "sms.countries = \"\"");
    };
    must_have_room("sms.monthly_limit", c_.sms.monthly_limit);
    if (c_.sms.daily_limit.micros > 0) must_have_room("sms.daily_limit", c_.sms.daily_limit);
    if (c_.sms.max_price.micros > 0) must_have_room("sms.max_price", c_.sms.max_price);
  }

  void check_email() {
    if (loaded_.home == Home::machine && !message::is_mailbox(c_.email.from))
      refuse_value("email.from", c_.email.from, no_mailbox);
    const auto& link = c_.email.unsubscribe_url;
    if (!link.empty()) refuse_value("email.unsubscribe_url", link, unsubscribe_mistake(link));
  }

  void check_service() {
    if (c_.data.empty()) refuse("data", "must name a folder");
    const auto endpoint = parse_endpoint(c_.listen);
    if (!endpoint) {
      refuse_value("listen", c_.listen, "must be HOST:PORT such as \"127.0.0.1:8080\"");
    } else if (!is_loopback(endpoint->host) && !with_keys_) {
      refuse_value("listen", c_.listen,
                   "can be reached from other machines, and there is no API key yet: make one with "
                   "`postrider keys add --name NAME --data " +
                       c_.data + "`, or listen on 127.0.0.1");
    }
  }

  void check_http_carrier() {
    if (c_.sms.carrier != "http") return;
    if (!is_web_link(c_.http_carrier.url))
      refuse("http_carrier.url", "must be an http(s) address, because sms.carrier is \"http\"");
    // Unsigned receipts are taken only from this machine, and only while there are no API keys.
    if (with_keys_ && c_.http_carrier.secret_file.empty())
      refuse("http_carrier.secret_file",
             "must name the file (mode 0600) of the whsec_… secret that the carrier signs receipts "
             "with, because sms.carrier is \"http\" and there are API keys: no receipt would be "
             "taken");
    // A lease that ends during the submission would make the outcome of an SMS unknown.
    if (c_.sms.lease < 2 * c_.http_carrier.timeout)
      refuse("sms.lease", "must be at least twice http_carrier.timeout");
  }

  void check_smtp() {
    if (!c_.smtp.user.empty() && c_.smtp.password_file.empty())
      refuse("smtp.password_file", "must name the file of the password, because smtp.user is set");
    if (c_.email.mailer != "smtp") return;
    if (c_.smtp.host.empty())
      refuse("smtp.host", "must name the mail server, because email.mailer is \"smtp\"");
    if (c_.smtp.tls == "none" && !is_loopback(c_.smtp.host))
      refuse("smtp.tls", "may be \"none\" only where smtp.host is this machine");
  }

  void check_simulator() {
    const auto& s = c_.simulator;
    if (s.refuse_temporary + s.refuse_for_good + s.throttle + s.unknown > 1)
      problems_.emplace_back(
          "simulator: refuse_temporary, refuse_for_good, throttle and unknown are more than 1 "
          "together");
  }

  void check_aws() {
    for (const auto& problem : aws_problems(loaded_)) problems_.push_back(problem);
  }

  const LoadedConfig& loaded_;
  const Config& c_;
  const bool with_keys_;
  Problems problems_;
};

}  // namespace

void validate(const LoadedConfig& loaded, bool with_keys) {
  throw_if_any(Validation{loaded, with_keys}.values_and_files());
}

void validate_values(const LoadedConfig& loaded, bool with_keys) {
  throw_if_any(Validation{loaded, with_keys}.values());
}

}  // namespace postrider::settings
