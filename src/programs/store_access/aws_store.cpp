#include "programs/store_access/aws_store.hpp"

#include <map>

#include "adapters/aws/cloudformation/stack_outputs.hpp"
#include "adapters/aws/dynamodb/allowance.hpp"
#include "adapters/aws/dynamodb/audit_log.hpp"
#include "adapters/aws/dynamodb/cost_book.hpp"
#include "adapters/aws/dynamodb/customer_directory.hpp"
#include "adapters/aws/dynamodb/notification_query.hpp"
#include "adapters/aws/dynamodb/notification_store.hpp"
#include "adapters/aws/dynamodb/receipt_inbox.hpp"
#include "adapters/aws/dynamodb/undelivered_work.hpp"
#include "adapters/aws/sqs/work_queue.hpp"
#include "adapters/http/api/in_process.hpp"
#include "pipeline/no_channels.hpp"
#include "programs/shop.hpp"
#include "programs/store_access/no_telemetry.hpp"
#include "programs/store_access/operator_name.hpp"
#include "programs/store_access/services.hpp"
#include "programs/system_clock.hpp"

namespace postrider::programs {
namespace {

namespace aws = adapters::aws;
using Outputs = std::map<std::string, std::string>;

aws::client::Settings aws_settings() {
  auto settings = aws::client::read_settings(aws::client::process_environment());
  if (!settings) throw UsageError{settings.error().what};
  return std::move(*settings);
}

Outputs outputs_of(aws::client::Client& client, const std::string& stack) {
  auto outputs = aws::cloudformation::stack_outputs(client, stack);
  if (!outputs) throw Refused{outputs.error().what};
  for (const auto* name :
       {"NotificationLogsTable", "CustomerPreferencesTable", "DeliveryStatusTable", "GuardTable",
        "NotificationQueueUrl", "HighPriorityQueueUrl", "EmailQueueUrl"})
    if (!outputs->contains(name))
      throw Refused{"the stack " + stack + " has no output " + name + ": is it Postrider's?"};
  return std::move(*outputs);
}

class AwsStore final : public Client {
 public:
  AwsStore(std::string stack, const settings::Config& config)
      : stack_{std::move(stack)},
        caller_{operator_name(), config.shop.id, domain::Mode::live},
        client_{aws_settings(), clock_},
        outputs_{outputs_of(client_, stack_)},
        database_{client_,
                  clock_,
                  {outputs_.at("NotificationLogsTable"), outputs_.at("CustomerPreferencesTable"),
                   outputs_.at("DeliveryStatusTable"), outputs_.at("GuardTable")},
                  config.retention,
                  aws::dynamodb::UndeliveredWork::requeue_after},
        queue_{client_,
               clock_,
               telemetry_,
               {outputs_.at("NotificationQueueUrl"), outputs_.at("HighPriorityQueueUrl"),
                outputs_.at("EmailQueueUrl")},
               database_.requeue_after()},
        shop_{config},
        storage_{store_, query_, inbox_, customers_, allowance_, audit_},
        pipeline_{storage_,
                  {carrier_, carrier_, mailer_, mailer_},
                  {queue_, clock_, telemetry_},
                  shop_.composer,
                  shop_.rules,
                  {.policy = settings::policy_of(config)}},
        services_{
            services_over(pipeline_, storage_, costs_, shop_.composer, clock_, telemetry_, config)},
        api_{services_} {}

  HttpAnswer call(const std::string& method, const std::string& path, std::string_view body,
                  const std::string& content_type) override {
    auto answer = api_.call(method, path, std::string{body}, caller_);
    return {answer.status, content_type, std::move(answer.body)};
  }
  const std::string& place() const override { return stack_; }

 private:
  std::string stack_;
  adapters::http::KeyInfo caller_;
  SystemClock clock_;
  NoTelemetry telemetry_;
  aws::client::Client client_;
  Outputs outputs_;
  aws::dynamodb::Database database_;
  aws::dynamodb::DynamoDbNotificationStore store_{database_, telemetry_};
  aws::dynamodb::DynamoDbNotificationQuery query_{database_};
  aws::dynamodb::DynamoDbReceiptInbox inbox_{database_};
  aws::dynamodb::DynamoDbCustomerDirectory customers_{database_};
  aws::dynamodb::DynamoDbAuditLog audit_{database_};
  aws::dynamodb::DynamoDbAllowance allowance_{database_, 0};
  aws::dynamodb::DynamoDbCostBook costs_{database_, query_};
  aws::sqs::SqsWorkQueue queue_;
  Shop shop_;
  // A command changes the tables and puts work into the queues; the functions send it.
  pipeline::NoCarrier carrier_;
  pipeline::NoMailer mailer_;
  pipeline::Storage storage_;
  pipeline::Pipeline pipeline_;
  adapters::http::Services services_;
  adapters::http::InProcessApi api_;
};

}  // namespace

std::unique_ptr<Client> open_aws_client(const std::string& stack, const settings::Config& config) {
  try {
    return std::make_unique<AwsStore>(stack, config);
  } catch (const std::runtime_error& e) {
    if (dynamic_cast<const UsageError*>(&e) != nullptr) throw;
    throw Refused{e.what()};
  }
}

}  // namespace postrider::programs
