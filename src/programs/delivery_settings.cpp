#include "programs/delivery_settings.hpp"

namespace postrider::programs {

pipeline::DeliverySettings delivery_settings(const settings::Config& config) {
  const auto& sms = config.sms;
  // Without a price list sms.price_per_part is a guess, by which a carrier would refuse for good
  // what it bills more for: only the shop's own sms.max_price is a cap then.
  const auto cap = sms.prices.empty() ? std::optional{sms.max_price} : std::nullopt;
  return {.policy = settings::policy_of(config),
          .sms = {sms.sender_id, sms.batch, {sms.per_number, sms.per_prefix, sms.per_country}, cap},
          .email = {config.email.from, config.email.unsubscribe_url, config.shop.name},
          .email_batch = config.email.batch};
}

}  // namespace postrider::programs
