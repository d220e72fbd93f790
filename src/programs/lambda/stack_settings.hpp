// The settings of a function, from its environment. A value; read once, at the start. docs/aws.md
// lists the variables: the names of the original design, and newer ones beside them.
#pragma once

#include <string>

#include "adapters/aws/client/settings.hpp"
#include "adapters/aws/dynamodb/tables.hpp"
#include "adapters/aws/sqs/work_queue.hpp"
#include "domain/policy.hpp"

namespace postrider::programs {

struct StackSettings {
  adapters::aws::client::Settings client;
  adapters::aws::dynamodb::Tables tables;
  adapters::aws::sqs::QueueUrls queues;
  std::string stack;    // "SMSNotificationStack-dev": part of the metrics' namespace
  std::string carrier;  // "sns" or "end_user_messaging"
  std::string origination_identity;
  std::string sms_configuration_set;
  std::string email_configuration_set;
  std::string sender_id;
  std::string sms_type;    // "Transactional" or "Promotional": of messages without a rule
  bool test_mode = false;  // orders are of test mode: their SMS and e-mails are simulated
  std::string from_email;
  std::string unsubscribe_url;
  std::string shop_name;
  std::string xray_daemon;  // host and port; empty: no traces
  int parts_per_second = 20;
  int max_receives = 10;  // of the queues' redrive policies
  domain::Policy policy;
};

/// Reads the variables. Error `invalid`: one line for each variable that is missing or wrong.
domain::Result<StackSettings> read_stack_settings(
    const adapters::aws::client::Environment& environment);

}  // namespace postrider::programs
