// The four functions that need neither numbers nor templates: sms-sender, delivery-tracker,
// email-fallback, sweeper. _HANDLER says which.
#include <algorithm>

#include "adapters/aws/dynamodb/forgotten.hpp"
#include "adapters/aws/end_user_messaging/end_user_messaging_carrier.hpp"
#include "adapters/aws/end_user_messaging/text_event.hpp"
#include "adapters/aws/lambda/functions.hpp"
#include "adapters/aws/ses/ses_event.hpp"
#include "adapters/aws/ses/ses_mailer.hpp"
#include "adapters/aws/sns/sns_receipt.hpp"
#include "adapters/aws/sns/sns_sms_carrier.hpp"
#include "domain/line.hpp"
#include "programs/lambda/stack.hpp"

namespace postrider::programs {
namespace {

namespace aws = adapters::aws;
namespace lambda = aws::lambda;
using lambda::Handler;
using lambda::Invocation;

std::unique_ptr<ports::SmsCarrier> carrier_of(const StackSettings& settings, Stack& stack) {
  if (settings.carrier == "sns")
    return std::make_unique<aws::sns::SnsSmsCarrier>(stack.client, settings.origination_identity);
  return std::make_unique<aws::end_user_messaging::EndUserMessagingCarrier>(
      stack.client, aws::end_user_messaging::EndUserMessagingSettings{
                        settings.origination_identity, settings.sms_configuration_set});
}

/// A provider's document names itself by its fields.
std::variant<domain::Receipt, message::FieldError> read_receipt(const std::string& json) {
  if (json.find("\"providerResponse\"") != std::string::npos)
    return aws::sns::parse_delivery_log(json);
  if (json.find("\"TEXT_") != std::string::npos)
    return aws::end_user_messaging::parse_text_event(json);
  return aws::ses::parse_mail_event(json);
}

/// Receipts that blame the account hold the line that all senders share.
std::shared_ptr<pipeline::DeliveryTracker> tracker_of(const StackSettings& settings, Stack& stack) {
  return std::make_shared<pipeline::DeliveryTracker>(
      pipeline::DeliveryTracker::Ports{stack.store, stack.inbox, stack.customers, stack.queue,
                                       stack.clock, stack.telemetry},
      settings.policy, [&stack](const std::string& code) {
        stack.telemetry.count(ports::Counter::account_problems, 1);
        stack.telemetry.log(ports::Level::error, "line_held", {{ports::Field::code, code}});
        const auto until = stack.clock.now() + domain::Line::account_wait;
        if (!stack.line.hold(until, code))
          stack.telemetry.log(ports::Level::error, "store_failed",
                              {{ports::Field::code, "hold_line"}});
      });
}

Handler sms_sender(const StackSettings& settings, Stack& stack) {
  auto tracker = tracker_of(settings, stack);
  std::shared_ptr<ports::SmsCarrier> carrier = carrier_of(settings, stack);
  auto sender = std::make_shared<pipeline::SmsSender>(
      pipeline::SmsSender::Ports{stack.store, stack.query, stack.customers, stack.allowance,
                                 *carrier, *carrier, stack.queue, stack.clock, stack.telemetry,
                                 &stack.line},
      *tracker, pipeline::SenderSettings{settings.sender_id}, settings.policy);
  return [=, &stack](const Invocation& invocation) {
    return lambda::send_sms(*sender, aws::sqs::parse_work_message, stack.telemetry,
                            invocation.payload);
  };
}

Handler delivery_tracker(const StackSettings& settings, Stack& stack) {
  return [tracker = tracker_of(settings, stack), &stack](const Invocation& invocation) {
    return lambda::track(*tracker, read_receipt, stack.telemetry, invocation.payload);
  };
}

Handler email_fallback(const StackSettings& settings, Stack& stack) {
  auto mailer = std::make_shared<aws::ses::SesMailer>(stack.client, stack.clock,
                                                      settings.email_configuration_set);
  auto fallback = std::make_shared<pipeline::EmailFallback>(
      pipeline::EmailFallback::Ports{stack.store, stack.query, stack.customers, *mailer, *mailer,
                                     stack.clock, stack.telemetry, &stack.queue},
      message::EmailSettings{settings.from_email, settings.unsubscribe_url, settings.shop_name},
      settings.policy, 10);
  return [=, &stack](const Invocation& invocation) {
    return lambda::send_email(*fallback, aws::sqs::parse_work_message, stack.telemetry,
                              invocation.payload);
  };
}

Handler sweeper(const StackSettings& settings, Stack& stack) {
  auto tracker = tracker_of(settings, stack);
  auto sweeper = std::make_shared<pipeline::Sweeper>(
      pipeline::Sweeper::Ports{stack.store, stack.query, stack.inbox, stack.allowance, stack.queue,
                               stack.clock, stack.telemetry},
      *tracker, settings.policy);
  return [=, &stack](const Invocation& invocation) {
    const auto requeue = [&stack]() -> domain::Result<int> {
      constexpr int most = 500;
      aws::dynamodb::Forgotten forgotten{stack.database};
      const auto items = forgotten.take(most);
      if (!items) return items.error();
      if (!items->empty()) stack.queue.offer(*items);
      return static_cast<int>(items->size());
    };
    return lambda::sweep(*sweeper, requeue, stack.clock, invocation.deadline);
  };
}

}  // namespace
}  // namespace postrider::programs

int main() {
  namespace programs = postrider::programs;
  return programs::run_function({{"sms-sender", programs::sms_sender},
                                 {"delivery-tracker", programs::delivery_tracker},
                                 {"email-fallback", programs::email_fallback},
                                 {"sweeper", programs::sweeper}});
}
