// The order processor as a function: order events from an SQS queue, from EventBridge or from a
// direct invocation, each with the answer that its source expects. Thread-safe as the processor is.
#pragma once

#include <string>

#include "adapters/aws/lambda/context.hpp"
#include "adapters/aws/lambda/runtime.hpp"
#include "pipeline/order_processor.hpp"

namespace postrider::adapters::aws::lambda {

/// Takes the orders of an event. SQS: the partial batch response, with the records that the time
/// did not suffice for. EventBridge: an error where the event was not taken, so that it ends in the
/// function's failure destination. Directly: {"statusCode": 200 (taken), 202 (deferred), 400
/// (refused, or nobody to write to), 409 (dedupe_key used for other content), "body": JSON text}.
InvocationResult take_orders(pipeline::OrderProcessor& orders, const pipeline::Origin& origin,
                             const std::string& event, const Context& context);

}  // namespace postrider::adapters::aws::lambda
