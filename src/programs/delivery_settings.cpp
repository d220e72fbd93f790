#include "programs/delivery_settings.hpp"

namespace postrider::programs {

pipeline::DeliverySettings delivery_settings(const settings::Config& config) {
  const auto& sms = config.sms;
  const bool worst_case = !sms.prices.empty() && sms.unlisted == "worst_case";
  const auto assumed = worst_case ? std::nullopt : std::optional{sms.price_per_part};
  return {.policy = settings::policy_of(config),
          .sms = {sms.sender_id,
                  sms.batch,
                  {sms.per_number, sms.per_prefix, sms.per_country},
                  assumed,
                  sms.max_price,
                  sms.unknown_run},
          .email = {config.email.from, config.email.unsubscribe_url, config.shop.name},
          .email_batch = config.email.batch};
}

}  // namespace postrider::programs
