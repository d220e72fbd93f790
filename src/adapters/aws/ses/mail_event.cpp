#include "adapters/aws/ses/mail_event.hpp"
#include "adapters/aws/client/text.hpp"
#include "domain/delivery/receipt_limits.hpp"
#include "message/json/receipt_fields.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace postrider::adapters::aws::ses {
namespace {

using client::member;
using client::text_in;
using domain::ReceiptOutcome;
using Json = nlohmann::json;

// The types of the SES developer guide, "Contents of event data", 2026-11, that neither end a mail
// nor tell of a failure.
constexpr std::array open_types{"Send",          "Open",         "Click",
                                "DeliveryDelay", "Subscription", "Rendering Failure"};

bool is_open(const std::string& type) {
  return std::find(open_types.begin(), open_types.end(), type) != open_types.end();
}

}  // namespace

std::variant<domain::Receipt, message::FieldError> parse_mail_event(std::string_view json,
                                                                    domain::TimePoint now) {
  const auto event = Json::parse(json, nullptr, false);
  if (!event.is_object()) return message::FieldError{"invalid_json", "", "an event of SES"};
  const auto& mail = member(event, "mail");
  domain::Receipt receipt;
  receipt.carrier = "ses";
  receipt.message_id = message::receipt_message_id(member(mail, "messageId"));
  if (!domain::is_message_id(receipt.message_id))
    return message::FieldError{"missing_field", "/mail/messageId", "the id of SendEmail"};
  auto type = text_in(event, "eventType");
  if (type.empty()) type = text_in(event, "notificationType");  // identity notifications
  const char* part = "mail";
  if (type == "Bounce") {
    part = "bounce";
    const auto& bounce = member(event, "bounce");
    const auto kind = text_in(bounce, "bounceType");
    receipt.outcome =
        kind == "Permanent" ? ReceiptOutcome::failed_permanent : ReceiptOutcome::failed_temporary;
    receipt.detail = client::lower_code(text_in(bounce, "bounceSubType"));
  } else if (type == "Complaint") {
    part = "complaint";
    receipt.outcome = ReceiptOutcome::opted_out;
    receipt.detail =
        client::lower_code(text_in(member(event, "complaint"), "complaintFeedbackType"));
  } else if (type == "Delivery") {
    part = "delivery";
    receipt.outcome = ReceiptOutcome::delivered;
    receipt.proof = domain::Proof::carrier;
  } else if (type == "Reject") {
    receipt.outcome = ReceiptOutcome::failed_temporary;  // the mail is at fault, not the address
    receipt.detail = "rejected";
  } else if (!type.empty()) {
    receipt.outcome = ReceiptOutcome::accepted;
    receipt.detail = is_open(type) ? client::lower_code(type) : std::string{domain::unknown_word};
  } else {
    return message::FieldError{"missing_field", "/eventType", "Bounce, Complaint, Delivery …"};
  }
  auto at = message::receipt_time(member(member(event, part), "timestamp"));
  if (!at) at = message::receipt_time(member(mail, "timestamp"));
  receipt.at = at.value_or(now);
  return receipt;
}

}  // namespace postrider::adapters::aws::ses
