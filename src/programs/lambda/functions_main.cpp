// The program of the four functions that need neither phone numbers nor templates: sms-sender,
// delivery-tracker, email-fallback, sweeper. The variable _HANDLER names the one to run.
#include <memory>

#include "adapters/aws/dynamodb/periodic_lease.hpp"
#include "adapters/aws/dynamodb/upkeep/abandoned_reservations.hpp"
#include "adapters/aws/dynamodb/upkeep/undelivered_work.hpp"
#include "adapters/aws/end_user_messaging/sms_carrier.hpp"
#include "adapters/aws/lambda/functions.hpp"
#include "adapters/aws/ses/mailer.hpp"
#include "adapters/aws/sns/opted_out_numbers.hpp"
#include "adapters/aws/sns/sms_carrier.hpp"
#include "adapters/simulator/complaint_block.hpp"
#include "pipeline/carrier_opt_outs.hpp"
#include "programs/delivery_settings.hpp"
#include "programs/lambda/receipt_reader.hpp"
#include "programs/lambda/stack.hpp"
#include "programs/lambda/test_mode.hpp"

namespace postrider::programs {
namespace {

namespace aws = adapters::aws;
namespace lambda = aws::lambda;
using lambda::Context;
using lambda::Invocation;

std::unique_ptr<ports::SmsCarrier> carrier_of(const StackSettings& settings, Stack& stack) {
  const auto& identity = settings.shop.config.sms.origination_identity;
  if (settings.is_by_sns())
    return std::make_unique<aws::sns::SnsSmsCarrier>(stack.client, identity);
  return std::make_unique<aws::end_user_messaging::EndUserMessagingCarrier>(
      stack.client,
      aws::end_user_messaging::EndUserMessagingSettings{identity, settings.sms_configuration_set});
}

/// The settings of the stages, for batches as SQS brings them.
pipeline::DeliverySettings stage_settings(const StackSettings& settings) {
  auto stages = delivery_settings(settings.shop.config);
  stages.email_batch = 10;
  return stages;
}

/// The channels of a stack and the pipeline over them. Each of the four functions runs one stage of
/// the pipeline.
struct Delivery {
  Delivery(const StackSettings& settings, Stack& stack)
      : carrier{carrier_of(settings, stack)},
        test_carrier{stack.clock},
        mailer{stack.client, stack.clock, settings.email_configuration_set},
        test_mailer{sink, adapters::simulator::block_on_complaint(stack.customers, stack.clock,
                                                                  stack.telemetry)},
        pipeline{stack.storage(),
                 {*carrier, test_carrier, mailer, test_mailer},
                 stack.surroundings(),
                 stage_settings(settings)} {}

  std::unique_ptr<ports::SmsCarrier> carrier;
  TestCarrier test_carrier;
  aws::ses::SesMailer mailer;
  adapters::simulator::MailSink sink;
  adapters::simulator::SimulatedMailer test_mailer;
  pipeline::DeliveryPipeline pipeline;
};

/// The sweeper with the duties that only AWS has: work that a queue lost, reservations of workers
/// that died, and the carrier's opt-out list.
struct SweeperFunction {
  SweeperFunction(const StackSettings& settings, Stack& stack_in)
      : stack{stack_in},
        delivery{settings, stack_in},
        undelivered{stack_in.database, stack_in.telemetry},
        reservations{stack_in.database},
        opt_outs_lease{stack_in.database, "carrier_opt_outs", std::chrono::hours{24}} {}
  static constexpr int max_offers = 100;  // few, so that their messages are sent right afterwards
  lambda::Requeued requeue() {
    auto taken = undelivered.take(max_offers);
    if (!taken.items.empty()) stack.queue.offer(taken.items);
    return {static_cast<int>(taken.items.size()), taken.items.size() >= max_offers,
            std::move(taken.error)};
  }
  /// Releases the abandoned reservations; called once an invocation.
  void release_money() {
    const auto released = reservations.release();
    if (!released)
      stack.telemetry.log(ports::Level::warning, "store_failed",
                          {{ports::Field::code, "abandoned_reservations"}});
    else if (*released > 0)
      stack.telemetry.log(ports::Level::info, "reservations_released",
                          {{ports::Field::count, std::int64_t{*released}}});
  }
  /// Copies the carrier's opt-out list, once a day. For SNS alone, because SNS accepts an SMS to an
  /// opted-out number and reports the failure later; End User Messaging refuses it at once.
  void import_opt_outs() {
    const auto due = opt_outs_lease.take();
    if (due && !*due) return;
    const auto list = [this](const std::string& cursor) {
      return aws::sns::list_opted_out(stack.client, cursor);
    };
    const auto fresh = due ? pipeline::import_carrier_opt_outs(list, stack.customers, stack.clock)
                           : domain::Result<int>{due.error()};
    if (fresh)
      stack.telemetry.log(ports::Level::info, "carrier_opt_outs",
                          {{ports::Field::count, std::int64_t{*fresh}}});
    else {
      stack.telemetry.log(ports::Level::warning, "carrier_opt_outs_failed",
                          {{ports::Field::reason, fresh.error().what}});
      opt_outs_lease.again_in(std::chrono::minutes{10});
    }
  }
  Stack& stack;
  Delivery delivery;
  aws::dynamodb::UndeliveredWork undelivered;
  aws::dynamodb::AbandonedReservations reservations;
  aws::dynamodb::PeriodicLease opt_outs_lease;
};

FunctionHandler sms_sender(const StackSettings& settings, Stack& stack) {
  auto function = std::make_shared<Delivery>(settings, stack);
  return [function, &stack](const Invocation& invocation, const Context& context) {
    auto answer = lambda::send_sms(function->pipeline.queued_sms, aws::sqs::parse_work_message,
                                   invocation.payload, context);
    // If this fails, these receipts are lost, as a network may lose them.
    const auto receipts = function->test_carrier.take_receipts();
    if (!receipts.empty() && !function->pipeline.tracker.apply(receipts))
      stack.telemetry.log(ports::Level::warning, "store_failed",
                          {{ports::Field::code, "test_receipts"}});
    return answer;
  };
}

FunctionHandler delivery_tracker(const StackSettings& settings, Stack& stack) {
  auto function = std::make_shared<Delivery>(settings, stack);
  return [function, &stack](const Invocation& invocation, const Context& context) {
    const auto read = [&stack](const std::string& json) {
      return read_receipt(json, stack.clock.now());
    };
    return lambda::track(function->pipeline.tracker, read, invocation.payload, context);
  };
}

FunctionHandler email_fallback(const StackSettings& settings, Stack& stack) {
  auto function = std::make_shared<Delivery>(settings, stack);
  return [function](const Invocation& invocation, const Context& context) {
    return lambda::send_email(function->pipeline.fallback, aws::sqs::parse_work_message,
                              invocation.payload, context);
  };
}

FunctionHandler sweeper(const StackSettings& settings, Stack& stack) {
  // Alarms compare these counters with each other, and need a value each minute. The sweeper runs
  // each minute, so that it writes zeros for the other functions.
  using ports::Counter;
  stack.telemetry.write_zeros_of(
      {Counter::receipts_delivered, Counter::receipts_failed, Counter::receipts_late,
       Counter::sms_submitted, Counter::sms_unknown, Counter::sms_throttled,
       Counter::sms_unreachable, Counter::emails_sent, Counter::mail_unreachable});
  auto function = std::make_shared<SweeperFunction>(settings, stack);
  const bool by_sns = settings.is_by_sns() && !settings.test_mode;
  return [function, by_sns](const Invocation&, const Context& context) {
    auto answer = lambda::sweep(
        function->delivery.pipeline.sweeper, [function] { return function->requeue(); }, context);
    function->release_money();
    if (by_sns) function->import_opt_outs();
    return answer;
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
