// The part of the HTTP API's Services that every program sets alike: the running service and the
// commands that answer from the store itself. Pure.
#pragma once

#include "adapters/http/api/api.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

/// The services over a pipeline, with a shop's settings. The running service adds keys, receipts
/// and pages. What the parameters refer to outlives the result, `config` and `storage`
/// themselves need not.
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
