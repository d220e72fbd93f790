// The whole pipeline of one home, wired once for the service, the function that takes orders, the
// store commands, the benchmarks and the tests: the intake and all stages that follow. Thread-safe
// as its stages are.
#pragma once

#include "pipeline/delivery_pipeline.hpp"
#include "pipeline/order_processor.hpp"

namespace postrider::pipeline {

class Pipeline : public DeliveryPipeline {
 public:
  /// All that is referred to outlives it.
  Pipeline(const Storage& storage, const Channels& channels, const Surroundings& surroundings,
           const message::Composer& composer, const SmsRules& rules,
           const DeliverySettings& settings)
      : DeliveryPipeline{storage, channels, surroundings, settings},
        orders{{storage.store, storage.customers, surroundings.queue, surroundings.clock,
                surroundings.telemetry},
               composer,
               rules,
               settings.policy} {}

  OrderProcessor orders;
};

}  // namespace postrider::pipeline
