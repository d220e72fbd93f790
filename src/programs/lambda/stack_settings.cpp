#include "programs/lambda/stack_settings.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "settings/aws_checks.hpp"

namespace postrider::programs {
namespace {

using adapters::aws::client::Environment;

/// A reader of variables that collects their mistakes.
class Reader {
 public:
  explicit Reader(const Environment& environment) : environment_{environment} {}

  std::string text(const std::string& name, const std::string& otherwise = "") {
    return environment_(name).value_or(otherwise);
  }
  std::string required(const std::string& name) {
    auto value = environment_(name);
    if (!value) add_problem(name, "is not set");
    return value.value_or("");
  }
  int number(const std::string& name, int otherwise, int min, int max) {
    const auto value = environment_(name);
    if (!value) return otherwise;
    int number = 0;
    const char* end = value->data() + value->size();
    const auto [rest, error] = std::from_chars(value->data(), end, number);
    if (error == std::errc{} && rest == end && number >= min && number <= max) return number;
    add_problem(
        name, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return otherwise;
  }
  void add_problem(const std::string& name, const std::string& what) {
    add_problems(name + " " + what);
  }
  void add_problems(const std::string& lines) {
    problems_ += (problems_.empty() ? "" : "\n") + lines;
  }
  const std::string& problems() const { return problems_; }

 private:
  const Environment& environment_;
  std::string problems_;
};

/// A variable as it is: an empty text is one too, for "no country".
std::optional<std::string> variable(const std::string& name) {
  const char* text = std::getenv(name.c_str());
  return text == nullptr ? std::nullopt : std::optional<std::string>{text};
}

/// The file of the authorities that sign AWS's certificates, from the function's zip; empty where
/// the zip has none.
std::string authorities_beside(const std::optional<std::string>& task_root) {
  if (!task_root) return {};
  auto path = *task_root + "/authorities.pem";
  return ::access(path.c_str(), R_OK) == 0 ? path : std::string{};
}

}  // namespace

domain::Result<StackSettings> read_stack_settings(const Environment& environment) {
  auto client = adapters::aws::client::read_settings(environment);
  if (!client) return client.error();
  Reader read{environment};
  StackSettings settings;
  settings.client = std::move(*client);
  if (settings.client.ca_bundle.empty())
    settings.client.ca_bundle = authorities_beside(environment("LAMBDA_TASK_ROOT"));
  settings.tables = {read.required("NOTIFICATION_LOGS_TABLE"),
                     read.required("CUSTOMER_PREFERENCES_TABLE"),
                     read.required("DELIVERY_STATUS_TABLE"), read.required("GUARD_TABLE")};
  settings.queues = {read.required("NOTIFICATION_QUEUE_URL"),
                     read.required("HIGH_PRIORITY_QUEUE_URL"), read.required("EMAIL_QUEUE_URL")};
  settings.stack =
      read.text("STACK_NAME", "SMSNotificationStack-" + read.text("ENVIRONMENT", "dev"));
  settings.sms_configuration_set = read.text("SMS_CONFIGURATION_SET");
  settings.email_configuration_set = read.text("EMAIL_CONFIGURATION_SET");
  const auto test_mode = read.text("TEST_MODE", "false");
  if (test_mode != "true" && test_mode != "false")
    read.add_problem("TEST_MODE", "must be true or false");
  settings.test_mode = test_mode == "true";
  settings.xray_daemon = read.text("AWS_XRAY_DAEMON_ADDRESS");
  settings.max_receives = read.number("MAX_RECEIVES", 10, 1, 1000);
  try {
    settings.shop = settings::load_config({.file = read.text("POSTRIDER_CONFIG"),
                                           .home = settings::Home::aws,
                                           .environment = variable,
                                           .skip_unknown = true});
    for (const auto& problem : settings::aws_problems(settings.shop)) read.add_problems(problem);
  } catch (const settings::UsageError& e) {
    read.add_problems(e.what());
  }
  if (!read.problems().empty()) return domain::Error{domain::ErrorKind::invalid, read.problems()};
  return settings;
}

}  // namespace postrider::programs
