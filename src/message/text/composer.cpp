#include "message/text/composer.hpp"

#include "message/text/tracking_link.hpp"

namespace postrider::message {

domain::Result<Composition> Composer::compose(const domain::OrderEvent& event,
                                              const std::optional<std::string>& locale) const {
  const std::string link =
      event.tracking_url ? *event.tracking_url
                         : tracking_link(settings_.tracking_link, event.order_id, event.status);
  auto rendered = templates_.render(event, locale.value_or(settings_.locale),
                                    {settings_.shop_name, settings_.locale, link});
  if (!rendered) return rendered.error();
  return Composition{replace_for_gsm7(rendered->sms_text, *rendered->replacement),
                     std::move(rendered->email_subject), std::move(rendered->email_text),
                     std::move(rendered->locale), std::move(rendered->version)};
}

Quote Composer::quote(std::string_view country, int segments) const {
  Quote quote{.part = prices_.part(country, settings_.carrier)};
  if (quote.part) quote.price = quote.part->per_part * segments;
  if (settings_.countries && !settings_.countries->contains(country)) {
    quote.refused = domain::Reason::country_not_allowed;
  } else if (!quote.part) {
    quote.refused = domain::Reason::price_unknown;
  } else if (settings_.max_price && quote.price > *settings_.max_price) {
    quote.refused = domain::Reason::too_dear;
  }
  return quote;
}

}  // namespace postrider::message
