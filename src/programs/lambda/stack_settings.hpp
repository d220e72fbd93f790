// The settings of a function: what the shop decides, from its file (POSTRIDER_CONFIG) and the
// environment, and what the stack is made of, from the environment. A value; read once, at the
// start. docs/aws.md lists the variables: the names of the original design, and newer ones.
#pragma once

#include <string>

#include "adapters/aws/client/settings.hpp"
#include "adapters/aws/dynamodb/tables.hpp"
#include "adapters/aws/sqs/work_queue.hpp"
#include "settings/config.hpp"

namespace postrider::programs {

struct StackSettings {
  settings::LoadedConfig shop;
  adapters::aws::client::Settings client;
  adapters::aws::dynamodb::Tables tables;
  adapters::aws::sqs::QueueUrls queues;
  std::string stack;  // "SMSNotificationStack-dev": part of the metrics' namespace
  std::string sms_configuration_set;
  std::string email_configuration_set;
  bool test_mode = false;   // orders are of test mode: their SMS and e-mails are simulated
  std::string xray_daemon;  // host and port; empty: no traces
  int max_receives = 10;    // of the queues' redrive policies

  bool is_by_sns() const { return shop.config.sms.carrier == "sns"; }
};

/// Reads the variables and the file. Error `invalid`: one line for each mistake, and for each
/// variable that is missing or wrong. The files of texts and prices are not read. A key of the file
/// that this version does not know is no mistake: the file may be a newer version's, during an
/// update.
domain::Result<StackSettings> read_stack_settings(
    const adapters::aws::client::Environment& environment);

}  // namespace postrider::programs
