// The five functions: from an AWS event to a stage of the pipeline and back to the answer that the
// source of the event expects. Thread-safe as far as the stages are; Lambda calls one at a time.
#pragma once

#include <functional>
#include <string>

#include "adapters/aws/lambda/context.hpp"
#include "adapters/aws/lambda/runtime.hpp"
#include "message/json/order_event_json.hpp"
#include "pipeline/delivery_tracker.hpp"
#include "pipeline/email_fallback.hpp"
#include "pipeline/queued_sms_sender.hpp"
#include "pipeline/sweeper.hpp"

namespace postrider::adapters::aws::lambda {

/// Reads one document of a provider; a FieldError where it is none that we know.
using ReceiptReader =
    std::function<std::variant<domain::Receipt, message::FieldError>(const std::string&)>;
/// Reads one message of a work queue.
using WorkReader = std::function<std::variant<ports::WorkQueue::Item, message::FieldError>(
    const std::string& body)>;

/// A batch of the SMS queues. Answers with the records that SQS has to bring again: the unreadable
/// ones, which end in its dead-letter queue, and what the time did not suffice for or the store did
/// not take.
InvocationResult send_sms(pipeline::QueuedSmsSender& sender, const WorkReader& read,
                          const std::string& event, const Context& context);

/// A batch of the e-mail queue, likewise.
InvocationResult send_email(pipeline::EmailFallback& fallback, const WorkReader& read,
                            const std::string& event, const Context& context);

/// Receipts from log subscriptions, SNS and EventBridge. What is no receipt is told and left out;
/// an error makes Lambda bring the event again, which does no harm.
InvocationResult track(pipeline::DeliveryTracker& tracker, const ReceiptReader& read,
                       const std::string& event, const Context& context);

struct Requeued {
  int items = 0;
  bool more = false;  // there may be
};

/// Sweeps until nothing is left or the time is over. `requeue` offers again what a queue lost.
InvocationResult sweep(pipeline::Sweeper& sweeper,
                       const std::function<domain::Result<Requeued>()>& requeue,
                       const Context& context);

}  // namespace postrider::adapters::aws::lambda
