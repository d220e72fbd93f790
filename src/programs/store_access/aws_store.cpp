#include "programs/store_access/aws_store.hpp"

#include <map>

#include "adapters/aws/cloudformation/stack.hpp"
#include "adapters/aws/dynamodb/allowance.hpp"
#include "adapters/aws/dynamodb/audit_log.hpp"
#include "adapters/aws/dynamodb/cost_book.hpp"
#include "adapters/aws/dynamodb/customer_directory.hpp"
#include "adapters/aws/dynamodb/notification_query.hpp"
#include "adapters/aws/dynamodb/notification_store.hpp"
#include "adapters/aws/dynamodb/receipt_inbox.hpp"
#include "adapters/aws/dynamodb/upkeep/undelivered_work.hpp"
#include "adapters/aws/sqs/work_queue.hpp"
#include "adapters/http/api/in_process.hpp"
#include "pipeline/line/local_line_hold.hpp"
#include "pipeline/no_channels.hpp"
#include "programs/shop.hpp"
#include "programs/store_access/deployed_settings.hpp"
#include "programs/store_access/no_telemetry.hpp"
#include "programs/store_access/operator_name.hpp"
#include "programs/store_access/services.hpp"
#include "programs/store_access/store_sinks.hpp"
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

DeployedSettings deployed_settings(aws::client::Client& client, const std::string& stack) {
  const auto text = aws::cloudformation::stack_template(client, stack);
  if (!text) throw Refused{text.error().what};
  return settings_of_template(*text, stack);
}

/// The tables and queues of a stack, and the pipeline over them with the stack's settings.
struct AwsStack {
  explicit AwsStack(const std::string& stack)
      : client{aws_settings(), clock},
        outputs{outputs_of(client, stack)},
        deployed{deployed_settings(client, stack)},
        database{client,
                 clock,
                 {outputs.at("NotificationLogsTable"), outputs.at("CustomerPreferencesTable"),
                  outputs.at("DeliveryStatusTable"), outputs.at("GuardTable")},
                 config().retention,
                 aws::dynamodb::UndeliveredWork::requeue_after},
        queue{client,
              clock,
              telemetry,
              {outputs.at("NotificationQueueUrl"), outputs.at("HighPriorityQueueUrl"),
               outputs.at("EmailQueueUrl")},
              database.requeue_after()},
        shop{config()},
        pipeline{storage,
                 {carrier, carrier, mailer, mailer},
                 {queue, clock, telemetry, line_hold},
                 shop.composer,
                 shop.rules,
                 {.policy = settings::policy_of(config())}} {
    deployed.files.reset();  // all are read
  }

  const settings::Config& config() const { return deployed.loaded.config; }

  SystemClock clock;
  NoTelemetry telemetry;
  aws::client::Client client;
  Outputs outputs;
  DeployedSettings deployed;
  aws::dynamodb::Database database;
  aws::dynamodb::DynamoDbNotificationStore store{database, telemetry};
  aws::dynamodb::DynamoDbNotificationQuery query{database, telemetry};
  aws::dynamodb::DynamoDbReceiptInbox inbox{database};
  aws::dynamodb::DynamoDbCustomerDirectory customers{database};
  aws::dynamodb::DynamoDbAuditLog audit{database};
  aws::dynamodb::DynamoDbAllowance allowance{database, 0};
  aws::dynamodb::DynamoDbCostBook costs{database, query};
  aws::sqs::SqsWorkQueue queue;
  Shop shop;
  // A command changes the tables and puts work into the queues; the functions send it.
  pipeline::LocalLineHold line_hold;
  pipeline::NoCarrier carrier;
  pipeline::NoMailer mailer;
  pipeline::Storage storage{store, query, inbox, customers, allowance, audit};
  pipeline::Pipeline pipeline;
};

class AwsClient final : public Client {
 public:
  explicit AwsClient(const std::string& stack)
      : name_{stack},
        stack_{stack},
        caller_{operator_name(), stack_.config().shop.id, domain::Mode::live},
        services_{services_over(stack_.pipeline, stack_.storage, stack_.costs, stack_.shop.composer,
                                stack_.clock, stack_.telemetry, stack_.config())},
        api_{services_} {}

  HttpAnswer call(const std::string& method, const std::string& path, std::string_view body,
                  const std::string& content_type) override {
    auto answer = api_.call(method, path, std::string{body}, caller_);
    return {answer.status, content_type, std::move(answer.body)};
  }
  const std::string& place() const override { return name_; }

 private:
  std::string name_;
  AwsStack stack_;
  adapters::http::KeyInfo caller_;
  adapters::http::Services services_;
  adapters::http::InProcessApi api_;
};

// Few enough that progress is seen.
constexpr std::size_t rows_at_once = 500;

class AwsEvents final : public RowSink {
 public:
  explicit AwsEvents(const std::string& stack)
      : stack_{stack},
        events_{stack_.pipeline.orders, {stack_.config().shop.id, stack_.deployed.mode}} {}

  std::size_t max_rows() const override { return rows_at_once; }
  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override {
    return events_.put(rows);
  }

 private:
  AwsStack stack_;
  StoreEvents events_;
};

class AwsCustomers final : public RowSink {
 public:
  explicit AwsCustomers(const std::string& stack)
      : stack_{stack},
        customers_{stack_.customers, stack_.clock, stack_.config().shop.id,
                   stack_.config().shop.region} {}

  std::size_t max_rows() const override { return rows_at_once; }
  domain::Result<std::vector<RowResult>> put(std::span<const std::string> rows) override {
    return customers_.put(rows);
  }

 private:
  AwsStack stack_;
  StoreCustomers customers_;
};

/// Opens a stack. What a program may meet on the way becomes Refused.
template <class Opened>
std::unique_ptr<Opened> open_stack(const std::string& stack) {
  try {
    return std::make_unique<Opened>(stack);
  } catch (const Refused&) {
    throw;
  } catch (const UsageError&) {
    throw;
  } catch (const std::runtime_error& e) {
    throw Refused{e.what()};
  }
}

}  // namespace

std::unique_ptr<Client> open_aws_client(const std::string& stack) {
  return open_stack<AwsClient>(stack);
}

std::unique_ptr<EventSink> open_aws_sink(const std::string& stack) {
  return open_stack<AwsEvents>(stack);
}

std::unique_ptr<CustomerSink> open_aws_customer_sink(const std::string& stack) {
  return open_stack<AwsCustomers>(stack);
}

}  // namespace postrider::programs
