// The program of the function order-processor, the only one with phone numbers and templates. The
// shop's settings are those of one machine: a file beside the program (POSTRIDER_CONFIG), then the
// environment.
#include "adapters/aws/lambda/order_function.hpp"
#include "pipeline/no_channels.hpp"
#include "pipeline/pipeline.hpp"
#include "programs/lambda/stack.hpp"
#include "programs/shop.hpp"

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

/// The shop's rules with SMS_TYPE: the type of all messages that no setting of the shop makes
/// promotional.
pipeline::SmsRules rules_of(const Shop& shop, const StackSettings& settings) {
  auto rules = shop.rules;
  rules.all_promotional = settings.sms_type == "Promotional";
  return rules;
}

/// The shop and the pipeline that takes its orders. The function sends nothing.
struct Orders {
  Orders(const StackSettings& settings, Stack& stack)
      : config{shop_config(settings)},
        shop{config},
        rules{rules_of(shop, settings)},
        pipeline{stack.storage(),
                 {carrier, carrier, mailer, mailer},
                 stack.surroundings(),
                 shop.composer,
                 rules,
                 {.policy = settings.policy}} {}

  settings::Config config;
  Shop shop;
  pipeline::SmsRules rules;
  pipeline::NoCarrier carrier;
  pipeline::NoMailer mailer;
  pipeline::Pipeline pipeline;
};

FunctionHandler order_processor(const StackSettings& settings, Stack& stack) {
  auto orders = std::make_shared<Orders>(settings, stack);
  const auto mode = settings.test_mode ? domain::Mode::test : domain::Mode::live;
  const pipeline::Origin origin{orders->config.shop.id, mode};
  return [orders, origin](const lambda::Invocation& invocation, const lambda::Context& context) {
    return lambda::take_orders(orders->pipeline.orders, origin, invocation.payload, context);
  };
}

}  // namespace
}  // namespace postrider::programs

int main() {
  return postrider::programs::run_function(
      {{"order-processor", postrider::programs::order_processor}});
}
