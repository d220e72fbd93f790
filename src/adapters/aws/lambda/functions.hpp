// The five functions: from an AWS event to a stage of the pipeline, and back to the answer that the
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

/// A reader of one document of a provider; a FieldError for a document of no known form.
using ReceiptReader =
    std::function<std::variant<domain::Receipt, message::FieldError>(const std::string&)>;
/// A reader of one message of a work queue.
using WorkReader = std::function<std::variant<ports::WorkQueue::Item, message::FieldError>(
    const std::string& body)>;

/// Sends a batch of the SMS queues. Answers with the records that SQS has to deliver again: the
/// unreadable ones, which end in its dead-letter queue, and those that the time did not suffice for
/// or the store did not take.
InvocationResult send_sms(pipeline::QueuedSmsSender& sender, const WorkReader& read,
                          const std::string& event, const Context& context);

/// Sends a batch of the e-mail queue, likewise.
InvocationResult send_email(pipeline::EmailFallback& fallback, const WorkReader& read,
                            const std::string& event, const Context& context);

/// Tracks receipts from log subscriptions, SNS and EventBridge. A document that is no receipt is
/// logged and left out; an error makes Lambda deliver the event again, which does no harm.
InvocationResult track(pipeline::DeliveryTracker& tracker, const ReceiptReader& read,
                       const std::string& event, const Context& context);

struct Requeued {
  int items = 0;
  bool more = false;                                  // there may be further items
  std::optional<domain::Error> error = std::nullopt;  // some could not be taken
};

/// Sweeps until nothing remains or the time is over. `requeue` offers work again that a queue lost,
/// also where a step of the sweep failed. The first error is the answer when all is done.
InvocationResult sweep(pipeline::Sweeper& sweeper, const std::function<Requeued()>& requeue,
                       const Context& context);

}  // namespace postrider::adapters::aws::lambda
