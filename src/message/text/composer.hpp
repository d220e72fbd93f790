// The composer of messages: makes the texts of both channels from an order event and quotes the
// price of the SMS. Thread-safe. Both sending and previewing use it, so that a preview shows what
// would be sent.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "domain/intake/order_event.hpp"
#include "domain/reason.hpp"
#include "domain/result.hpp"
#include "message/money/price_table.hpp"
#include "message/text/replacement.hpp"
#include "message/text/templates.hpp"

namespace postrider::message {

/// The texts of one notification.
struct Composition {
  Replaced sms;
  std::string email_subject;
  std::string email_text;
  std::string locale;            // of the template
  std::string template_version;  // "de/shipped/1a2b3c4d"
};

/// The highest price of an SMS, and whether it may go at that price to that country.
struct Quote {
  std::optional<PartPrice> part;                  // none: the price is unknown
  domain::Money price = {};                       // of all segments
  domain::Reason refused = domain::Reason::none;  // why it must not go; `none`: it may
};

class Composer {
 public:
  struct Settings {
    std::string shop_name = {};
    std::string locale = "en";       // where neither event nor customer names one
    std::string tracking_link = {};  // see tracking_link.hpp; empty: none
    std::string carrier = {};        // that will send, as the price table calls it
    // That may get SMS; nothing: all countries; an empty set: no country.
    std::optional<std::set<std::string, std::less<>>> countries = {};
    std::optional<domain::Money> max_price = {};  // of one message
  };

  /// The templates and the prices must outlive the composer.
  Composer(const Templates& templates, const PriceTable& prices, Settings settings)
      : templates_{templates}, prices_{prices}, settings_{std::move(settings)} {}

  /// The texts for `event`. `locale`: the one that its reader wants; none: that of the settings.
  /// Error `invalid` when the template names a value that the event does not give.
  domain::Result<Composition> compose(const domain::OrderEvent& event,
                                      const std::optional<std::string>& locale) const;

  /// The price of an SMS of `segments` parts. `country`: that of the phone number, ISO 3166
  /// alpha-2; empty where the number belongs to no country.
  Quote quote(std::string_view country, int segments) const;

  /// All templates in use, by locale and status.
  std::vector<TemplateInfo> templates() const { return templates_.list(); }

 private:
  const Templates& templates_;
  const PriceTable& prices_;
  Settings settings_;
};

}  // namespace postrider::message
