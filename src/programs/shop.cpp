#include "programs/shop.hpp"

#include "settings/price_file.hpp"
#include "settings/template_file.hpp"

namespace postrider::programs {
namespace {

message::Composer::Settings composer_settings(const settings::Config& config) {
  const auto max_price = config.sms.max_price;
  return {.shop_name = config.shop.name,
          .locale = config.shop.locale,
          .tracking_link = config.shop.tracking_link,
          .carrier = config.sms.carrier,
          .countries = settings::sms_countries(config),
          .max_price = max_price.micros > 0 ? std::optional{max_price} : std::nullopt};
}

std::unique_ptr<message::QuietHours> quiet_hours_of(const settings::Config& config) {
  const auto span = message::parse_quiet_span(config.sms.quiet_hours);  // checked by validate()
  return span ? std::make_unique<message::QuietHours>(*span) : nullptr;
}

pipeline::SmsRules rules_of(const settings::Config& config,
                            const message::QuietHours* quiet_hours) {
  pipeline::SmsRules rules;
  rules.default_region = config.shop.region;
  rules.to_fixed_lines = config.sms.fixed_lines == "send";
  rules.promotional = settings::promotional_statuses(config);
  rules.all_promotional = config.sms.type == "promotional";
  rules.quiet_hours = quiet_hours;
  return rules;
}

}  // namespace

Shop::Shop(const settings::Config& config)
    : templates{settings::templates_of(config)},
      prices{settings::prices_of(config)},
      composer{templates, prices, composer_settings(config)},
      quiet_hours{quiet_hours_of(config)},
      rules{rules_of(config, quiet_hours.get())} {}

}  // namespace postrider::programs
