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
/// variable that is missing or wrong. The files of texts and prices are not read.
domain::Result<StackSettings> read_stack_settings(
    const adapters::aws::client::Environment& environment);

/// The shop's settings as a function has them. `file`: empty where there is none; `variables`: of
/// the function, by name. Throws UsageError.
settings::LoadedConfig shop_settings(const std::string& file,
                                     const settings::Environment& variables);

}  // namespace postrider::programs
