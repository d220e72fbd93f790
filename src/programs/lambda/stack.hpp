// The parts that all five functions share: the client, the store on DynamoDB, the queues and the
// telemetry, and the loop that runs a function. For one thread; made at the start, lives as long as
// the process.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "adapters/aws/client/client.hpp"
#include "adapters/aws/dynamodb/allowance.hpp"
#include "adapters/aws/dynamodb/audit_log.hpp"
#include "adapters/aws/dynamodb/customer_directory.hpp"
#include "adapters/aws/dynamodb/line_hold.hpp"
#include "adapters/aws/dynamodb/notification_query.hpp"
#include "adapters/aws/dynamodb/notification_store.hpp"
#include "adapters/aws/dynamodb/receipt_inbox.hpp"
#include "adapters/aws/dynamodb/unreadable_messages.hpp"
#include "adapters/aws/emf/telemetry.hpp"
#include "adapters/aws/lambda/context.hpp"
#include "adapters/aws/lambda/runtime.hpp"
#include "adapters/aws/sqs/work_queue.hpp"
#include "adapters/aws/xray/tracer.hpp"
#include "pipeline/delivery_pipeline.hpp"
#include "programs/lambda/stack_settings.hpp"
#include "programs/system_clock.hpp"

namespace postrider::programs {

struct Stack {
  /// `function`: its name, for metrics. Throws std::runtime_error.
  Stack(const StackSettings& settings, const std::string& function);

  const int max_receives;
  SystemClock clock;
  adapters::aws::emf::EmfTelemetry telemetry;
  adapters::aws::xray::Tracer tracer;  // gets a report of each call of the client
  adapters::aws::client::Client client;
  adapters::aws::dynamodb::Database database;
  adapters::aws::dynamodb::DynamoDbNotificationStore store;
  adapters::aws::dynamodb::DynamoDbNotificationQuery query;
  adapters::aws::dynamodb::DynamoDbReceiptInbox inbox;
  adapters::aws::dynamodb::DynamoDbCustomerDirectory customers;
  adapters::aws::dynamodb::DynamoDbAllowance allowance;
  adapters::aws::dynamodb::DynamoDbLineHold line_hold;
  adapters::aws::sqs::SqsWorkQueue queue;
  adapters::aws::dynamodb::DynamoDbAuditLog audit;
  adapters::aws::dynamodb::UnreadableMessages unreadable;

  pipeline::Storage storage() { return {store, query, inbox, customers, allowance, audit}; }
  pipeline::Surroundings surroundings() { return {queue, clock, telemetry, line_hold}; }
};

/// The handler of a function's invocations.
using FunctionHandler = std::function<adapters::aws::lambda::InvocationResult(
    const adapters::aws::lambda::Invocation&, const adapters::aws::lambda::Context&)>;

/// A maker of the handler of one function. Throws std::runtime_error where the function can't
/// start.
using MakeHandler = std::function<FunctionHandler(const StackSettings&, Stack&)>;

/// The main() of a function: reads the environment, makes the handler, runs the loop. `functions`:
/// by name, one of which _HANDLER has. Returns the exit code; a start that fails is reported to
/// Lambda.
int run_function(const std::map<std::string, MakeHandler>& functions);

}  // namespace postrider::programs
