#include "programs/lambda/stack_settings.hpp"

#include <unistd.h>

#include <charconv>

#include "message/money/money_text.hpp"

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
    problems_ += (problems_.empty() ? "" : "\n") + name + " " + what;
  }
  const std::string& problems() const { return problems_; }

 private:
  const Environment& environment_;
  std::string problems_;
};

domain::Policy policy_in(Reader& read) {
  domain::Policy policy;
  const auto in = [](domain::Milliseconds time, domain::Milliseconds unit) {
    return static_cast<int>(time / unit);
  };
  using std::chrono::days, std::chrono::hours, std::chrono::minutes;
  const auto limit = message::parse_money(
      read.text("SMS_SPENDING_LIMIT", message::print_money(policy.limits.monthly)));
  if (!limit)
    read.add_problem("SMS_SPENDING_LIMIT", "must be an amount of USD a month such as 1000");
  policy.limits.monthly = limit.value_or(domain::Money{});
  if (const auto daily = read.text("SMS_DAILY_LIMIT"); !daily.empty()) {
    policy.limits.daily = message::parse_money(daily);
    if (!policy.limits.daily)
      read.add_problem("SMS_DAILY_LIMIT", "must be an amount of USD such as 50");
  }
  policy.retention = days{read.number("RETENTION_DAYS", in(policy.retention, days{1}), 1, 3650)};
  policy.receipt_wait =
      minutes{read.number("RECEIPT_WAIT_MINUTES", in(policy.receipt_wait, minutes{1}), 1, 1440)};
  policy.sms_not_after =
      hours{read.number("SMS_NOT_AFTER_HOURS", in(policy.sms_not_after, hours{1}), 1, 72)};
  policy.throttle_per_hour = read.number("CUSTOMER_PER_HOUR", policy.throttle_per_hour, 0, 1000);
  return policy;
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
  settings.carrier = read.text("SMS_CARRIER", "sns");
  if (settings.carrier != "sns" && settings.carrier != "end_user_messaging")
    read.add_problem("SMS_CARRIER", "must be sns or end_user_messaging");
  settings.origination_identity = read.text("ORIGINATION_IDENTITY");
  settings.sms_configuration_set = read.text("SMS_CONFIGURATION_SET");
  settings.email_configuration_set = read.text("EMAIL_CONFIGURATION_SET");
  settings.sender_id = read.text("DEFAULT_SENDER_ID");
  settings.sms_type = read.text("SMS_TYPE", "Transactional");
  if (settings.sms_type != "Transactional" && settings.sms_type != "Promotional")
    read.add_problem("SMS_TYPE", "must be Transactional or Promotional");
  const auto test_mode = read.text("TEST_MODE", "false");
  if (test_mode != "true" && test_mode != "false")
    read.add_problem("TEST_MODE", "must be true or false");
  settings.test_mode = test_mode == "true";
  settings.from_email = read.required("FROM_EMAIL");
  settings.unsubscribe_url = read.text("UNSUBSCRIBE_URL");
  settings.shop_name = read.text("SHOP_NAME");
  settings.xray_daemon = read.text("AWS_XRAY_DAEMON_ADDRESS");
  settings.max_receives = read.number("MAX_RECEIVES", 10, 1, 1000);
  settings.parts_per_second = read.number("SMS_PARTS_PER_SECOND", 20, 0, 1000);
  settings.policy = policy_in(read);
  if (!read.problems().empty()) return domain::Error{domain::ErrorKind::invalid, read.problems()};
  return settings;
}

}  // namespace postrider::programs
