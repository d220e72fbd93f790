// The whole pipeline of one home: the intake and all stages after it. Wired once for the service,
// the function that takes orders, the store commands, the benchmarks and the tests. Thread-safe as
// its stages are.
#pragma once

#include "pipeline/delivery_pipeline.hpp"
#include "pipeline/order_processor.hpp"

namespace postrider::pipeline {

class Pipeline : public DeliveryPipeline {
 public:
  /// The objects behind the references outlive the pipeline.
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
