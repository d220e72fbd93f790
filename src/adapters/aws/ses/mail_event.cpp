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

/// True for a bounce that shows that the address takes no mail for good. What is only on the
/// account's own list, or was given up after a while, may be well again.
bool is_hard(const std::string& kind, const std::string& subtype) {
  return kind == "Permanent" && subtype != "OnAccountSuppressionList";
}

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
    const auto kind = text_in(bounce, "bounceType"), subtype = text_in(bounce, "bounceSubType");
    receipt.outcome = is_hard(kind, subtype) ? ReceiptOutcome::failed_permanent
                                             : ReceiptOutcome::failed_temporary;
    // "General" alone says nothing, and Undetermined has no better one.
    const bool tells = !subtype.empty() && subtype != "General" && subtype != "Undetermined";
    receipt.detail = client::lower_code(tells ? subtype : kind.empty() ? subtype : kind);
  } else if (type == "Complaint") {
    part = "complaint";
    const auto kind = text_in(member(event, "complaint"), "complaintFeedbackType");
    // Somebody took the mail out of the spam folder: the opposite of a complaint.
    receipt.outcome = kind == "not-spam" ? ReceiptOutcome::accepted : ReceiptOutcome::opted_out;
    receipt.detail = client::lower_code(kind);
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
