// From an order event to the texts of both channels, and what the SMS would cost: the same for what
// is sent and for what is only shown. Thread-safe.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "domain/order_event.hpp"
#include "domain/reason.hpp"
#include "domain/result.hpp"
#include "message/money/price_table.hpp"
#include "message/text/replacement.hpp"
#include "message/text/templates.hpp"

namespace postrider::message {

struct Composition {
  Replaced sms;
  std::string email_subject;
  std::string email_text;
  std::string locale;            // of the template
  std::string template_version;  // "de/shipped/1a2b3c4d"
};

/// What an SMS would cost at worst, and whether it may go at that price to that country.
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
    std::string carrier = {};        // who will send, as the price table calls it
    std::optional<std::set<std::string, std::less<>>> countries = {};  // none: all; empty: not one
    std::optional<domain::Money> max_price = {};                       // of one message
  };

  /// Both outlive it.
  Composer(const Templates& templates, const PriceTable& prices, Settings settings)
      : templates_{templates}, prices_{prices}, settings_{std::move(settings)} {}

  /// Error `invalid` when the template names a value that the event does not give.
  domain::Result<Composition> compose(const domain::OrderEvent& event,
                                      const std::optional<std::string>& locale) const;

  /// `country`: of the phone number, ISO 3166 alpha-2; empty: of no country.
  Quote quote(std::string_view country, int segments) const;

  std::vector<TemplateInfo> templates() const { return templates_.list(); }

 private:
  const Templates& templates_;
  const PriceTable& prices_;
  Settings settings_;
};

}  // namespace postrider::message
