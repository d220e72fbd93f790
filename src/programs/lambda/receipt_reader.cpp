#include "programs/lambda/receipt_reader.hpp"

#include <nlohmann/json.hpp>

#include "adapters/aws/client/text.hpp"
#include "adapters/aws/end_user_messaging/text_event.hpp"
#include "adapters/aws/ses/mail_event.hpp"
#include "adapters/aws/sns/receipt.hpp"

namespace postrider::programs {

std::variant<domain::Receipt, message::FieldError> read_receipt(const std::string& json,
                                                                domain::TimePoint now) {
  namespace aws = adapters::aws;
  const auto document = nlohmann::json::parse(json, nullptr, false);
  // SES writes {"eventType":…,"mail":{…}}, SNS {"notification":{…},"delivery":{…}}, End User
  // Messaging {"eventType":"TEXT_…"}.
  if (aws::client::member(document, "mail").is_object())
    return aws::ses::parse_mail_event(json, now);
  if (aws::client::member(document, "notification").is_object())
    return aws::sns::parse_delivery_log(json, now);
  if (aws::client::text_in(document, "eventType").starts_with("TEXT_"))
    return aws::end_user_messaging::parse_text_event(json, now);
  return aws::ses::parse_mail_event(json, now);
}

}  // namespace postrider::programs
