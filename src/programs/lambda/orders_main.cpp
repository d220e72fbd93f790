// The program of the function order-processor, the only one with phone numbers and templates. The
// shop's settings are those of one machine, with its texts and prices.
#include "adapters/aws/lambda/order_function.hpp"
#include "pipeline/no_channels.hpp"
#include "pipeline/pipeline.hpp"
#include "programs/lambda/stack.hpp"
#include "programs/shop.hpp"

namespace postrider::programs {
namespace {

namespace lambda = adapters::aws::lambda;

/// The settings, once their values are checked. Throws UsageError.
const settings::Config& checked(const settings::LoadedConfig& loaded) {
  settings::validate_values(loaded, true);
  return loaded.config;
}

/// The shop and the pipeline that takes its orders. The function sends nothing.
struct Orders {
  Orders(const StackSettings& settings, Stack& stack)
      : shop{checked(settings.shop)},
        pipeline{stack.storage(),      {carrier, carrier, mailer, mailer},
                 stack.surroundings(), shop.composer,
                 shop.rules,           {.policy = settings::policy_of(settings.shop.config)}} {}

  Shop shop;
  pipeline::NoCarrier carrier;
  pipeline::NoMailer mailer;
  pipeline::Pipeline pipeline;
};

FunctionHandler order_processor(const StackSettings& settings, Stack& stack) {
  auto orders = std::make_shared<Orders>(settings, stack);
  const auto mode = settings.test_mode ? domain::Mode::test : domain::Mode::live;
  const pipeline::Origin origin{settings.shop.config.shop.id, mode};
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
