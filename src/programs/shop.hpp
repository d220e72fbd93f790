// A shop as its settings describe it: texts, prices, quiet hours and the rules of its SMS.
// Immutable once built, safe to share. The service, the function that takes orders and the store
// commands all use it, so that they judge an order alike.
#pragma once

#include <memory>

#include "message/money/price_table.hpp"
#include "message/text/composer.hpp"
#include "message/text/templates.hpp"
#include "message/time/quiet_hours.hpp"
#include "pipeline/order_processor.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

struct Shop {
  /// Reads the files that the settings name. Throws UsageError, one line a mistake.
  explicit Shop(const settings::Config& config);
  Shop(const Shop&) = delete;  // the composer refers to the other members
  Shop& operator=(const Shop&) = delete;

  message::Templates templates;
  message::PriceTable prices;
  message::Composer composer;
  std::unique_ptr<message::QuietHours> quiet_hours;  // null: none
  pipeline::SmsRules rules;
};

}  // namespace postrider::programs
