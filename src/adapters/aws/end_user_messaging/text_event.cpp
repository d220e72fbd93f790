#include "adapters/aws/end_user_messaging/text_event.hpp"
#include "adapters/aws/client/text.hpp"
#include "domain/delivery/receipt_limits.hpp"
#include "message/json/receipt_fields.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace postrider::adapters::aws::end_user_messaging {
namespace {

using client::member;
using client::text_in;
using domain::Proof;
using domain::ReceiptOutcome;
using Json = nlohmann::json;

struct Status {
  std::string_view status;
  ReceiptOutcome outcome;
  Proof proof;
  std::string_view code;
};

// The user guide's "Example event data for SMS" and the service's model (EventType), 2026-11.
constexpr std::array statuses{
    Status{"SUCCESSFUL", ReceiptOutcome::delivered, Proof::carrier, ""},
    Status{"DELIVERED", ReceiptOutcome::delivered, Proof::handset, ""},
    Status{"PENDING", ReceiptOutcome::accepted, Proof::none, "pending"},
    Status{"QUEUED", ReceiptOutcome::accepted, Proof::none, "queued"},
    Status{"SENT", ReceiptOutcome::accepted, Proof::none, "sent"},
    Status{"INVALID", ReceiptOutcome::failed_permanent, Proof::none, "invalid_number"},
    Status{"INVALID_MESSAGE", ReceiptOutcome::failed_permanent, Proof::none, "invalid_body"},
    Status{"UNREACHABLE", ReceiptOutcome::failed_temporary, Proof::none, "phone_unreachable"},
    Status{"CARRIER_UNREACHABLE", ReceiptOutcome::failed_temporary, Proof::none,
           "carrier_unreachable"},
    Status{"BLOCKED", ReceiptOutcome::failed_permanent, Proof::none, "phone_blocked"},
    Status{"CARRIER_BLOCKED", ReceiptOutcome::failed_permanent, Proof::none, "carrier_blocked"},
    Status{"SPAM", ReceiptOutcome::failed_permanent, Proof::none, "blocked_as_spam"},
    Status{"UNKNOWN", ReceiptOutcome::failed_temporary, Proof::none, "unknown_error"},
    Status{"TTL_EXPIRED", ReceiptOutcome::failed_temporary, Proof::none, "expired"},
    Status{"PROTECT_BLOCKED", ReceiptOutcome::failed_permanent, Proof::none, "protect_blocked"},
};

}  // namespace

std::variant<domain::Receipt, message::FieldError> parse_text_event(std::string_view json,
                                                                    domain::TimePoint now) {
  const auto event = Json::parse(json, nullptr, false);
  if (!event.is_object())
    return message::FieldError{"invalid_json", "", "an event of End User Messaging"};
  const auto type = text_in(event, "eventType");
  if (!type.starts_with("TEXT_"))
    return message::FieldError{"invalid_value", "/eventType", "TEXT_…, an event about an SMS"};
  domain::Receipt receipt;
  receipt.carrier = "end_user_messaging";
  receipt.message_id = message::receipt_message_id(member(event, "messageId"));
  if (!domain::is_message_id(receipt.message_id))
    return message::FieldError{"missing_field", "/messageId", "the id of SendTextMessage"};
  receipt.at = message::receipt_time(member(event, "eventTimestamp")).value_or(now);
  auto status = text_in(event, "messageStatus");
  if (status.empty()) status = type.substr(5);
  const auto* row = std::find_if(statuses.begin(), statuses.end(),
                                 [&status](const Status& known) { return known.status == status; });
  receipt.outcome = row == statuses.end() ? ReceiptOutcome::accepted : row->outcome;
  receipt.proof = row == statuses.end() ? Proof::none : row->proof;
  receipt.detail = row == statuses.end() ? domain::unknown_word : row->code;
  if (text_in(event, "messageStatusDescription").find("opted out") != std::string::npos) {
    receipt.outcome = ReceiptOutcome::opted_out;
    receipt.detail = "opted_out";
  }
  // A better or a worse one may follow.
  const auto& final = member(event, "isFinal");
  if (final.is_boolean() && !final.get<bool>()) {
    receipt.outcome = ReceiptOutcome::accepted;
    receipt.proof = Proof::none;
  }
  receipt.price = message::receipt_price(member(event, "totalMessagePrice"));
  const auto fee = message::receipt_price(member(event, "totalCarrierFee"));
  if (receipt.price && fee) *receipt.price += *fee;
  receipt.segments = message::receipt_segments(member(event, "totalMessageParts"));
  const auto& context = member(event, "context");
  receipt.reference =
      message::receipt_reference(member(context, "notification"), member(context, "attempt"));
  return receipt;
}

}  // namespace postrider::adapters::aws::end_user_messaging
