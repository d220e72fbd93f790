// The function order-processor: the only one with numbers and templates. The shop's settings are
// those of one machine: a file beside the program (POSTRIDER_CONFIG), then the environment.
#include <filesystem>

#include "adapters/aws/lambda/order_function.hpp"
#include "message/text/composer.hpp"
#include "message/time/quiet_hours.hpp"
#include "programs/lambda/stack.hpp"
#include "settings/config.hpp"
#include "settings/price_file.hpp"
#include "settings/template_file.hpp"

namespace postrider::programs {
namespace {

namespace lambda = adapters::aws::lambda;

settings::Config shop_config(const StackSettings& settings) {
  const auto environment = adapters::aws::client::process_environment();
  settings::ConfigSources sources;
  sources.file = environment("POSTRIDER_CONFIG").value_or("");
  const std::pair<const char*, const char*> variables[] = {
      {"SHOP_NAME", "shop.name"},          {"SHOP_REGION", "shop.region"},
      {"SHOP_LOCALE", "shop.locale"},      {"TRACKING_LINK", "shop.tracking_link"},
      {"QUIET_HOURS", "sms.quiet_hours"},  {"SMS_COUNTRIES", "sms.countries"},
      {"EMAIL_TEMPLATE", "shop.templates"}};
  for (const auto& [name, key] : variables)
    if (const auto value = environment(name))
      sources.sets.push_back(std::string{key} + "=" + *value);
  auto config = settings::load_config(sources).config;
  config.sms.carrier = settings.carrier;
  return config;
}

/// All that has to outlive the stage.
struct Orders {
  explicit Orders(const StackSettings& settings)
      : config{shop_config(settings)},
        templates{settings::templates_of(config)},
        prices{settings::prices_of(config)},
        composer{templates,
                 prices,
                 {.shop_name = config.shop.name,
                  .locale = config.shop.locale,
                  .tracking_link = config.shop.tracking_link,
                  .carrier = config.sms.carrier,
                  .countries = settings::sms_countries(config),
                  .max_price = config.sms.max_price.micros > 0 ? std::optional{config.sms.max_price}
                                                               : std::nullopt}} {
    if (const auto span = settings::quiet_span(config)) quiet_hours.emplace(*span);
  }

  settings::Config config;
  message::Templates templates;
  message::PriceTable prices;
  message::Composer composer;
  std::optional<message::QuietHours> quiet_hours;
};

FunctionHandler order_processor(const StackSettings& settings, Stack& stack) {
  auto orders = std::make_shared<Orders>(settings);
  pipeline::SmsRules rules;
  rules.default_region = orders->config.shop.region;
  rules.to_fixed_lines = orders->config.sms.fixed_lines == "send";
  rules.all_promotional = settings.sms_type == "Promotional";
  rules.promotional = settings::promotional_statuses(orders->config);
  rules.quiet_hours = orders->quiet_hours ? &*orders->quiet_hours : nullptr;
  auto processor = std::make_shared<pipeline::OrderProcessor>(
      pipeline::OrderProcessor::Ports{stack.store, stack.customers, stack.queue, stack.clock,
                                      stack.telemetry},
      orders->composer, rules, settings.policy);
  return [=](const lambda::Invocation& invocation, const lambda::Context& context) {
    const auto mode = settings.test_mode ? domain::Mode::test : domain::Mode::live;
    const pipeline::Origin origin{orders->config.shop.id, mode};
    return lambda::take_orders(*processor, origin, invocation.payload, context);
  };
}

}  // namespace
}  // namespace postrider::programs

int main() {
  return postrider::programs::run_function(
      {{"order-processor", postrider::programs::order_processor}});
}
