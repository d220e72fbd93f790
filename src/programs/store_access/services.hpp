// What the HTTP API needs to know of a shop's settings, set once for the running service and for
// commands that answer from the store itself.
#pragma once

#include "adapters/http/api/api.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// The parts that every program with the API sets; the service adds keys, receipts and pages.
inline adapters::http::Services services_over(pipeline::Pipeline& pipeline,
                                              const pipeline::Storage& storage,
                                              ports::CostBook& costs,
                                              const message::Composer& composer,
                                              ports::Clock& clock, ports::Telemetry& telemetry,
                                              const settings::Config& config) {
  adapters::http::Services services{pipeline, storage, costs, composer, clock, telemetry};
  services.default_region = config.shop.region;
  services.default_shop = config.shop.id;
  services.limits = settings::policy_of(config).limits;
  services.currency = config.sms.currency;
  return services;
}

}  // namespace postrider::programs
