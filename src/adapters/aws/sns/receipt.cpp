#include "adapters/aws/sns/receipt.hpp"
#include "adapters/aws/client/text.hpp"
#include "domain/delivery/receipt_limits.hpp"
#include "message/json/receipt_fields.hpp"
#include "message/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace postrider::adapters::aws::sns {
namespace {

using client::member;
using client::text_in;
using domain::Fault;
using domain::FaultRow;
using domain::ReceiptOutcome;
using Json = nlohmann::json;

// SNS developer guide, "Viewing CloudWatch metrics and logs for SMS deliveries", 2026-11, older
// wordings beside the new ones; then what accounts see that the guide does not list. The first row
// that fits counts. Beside each the code that records have.
constexpr std::array table{
    FaultRow{"is opted out", Fault::opted_out, "opted_out"},
    FaultRow{"blocked as spam", Fault::message, "blocked_as_spam"},
    FaultRow{"destination is on a blocked list", Fault::recipient, "destination_blocked"},
    FaultRow{"destination is blacklisted", Fault::recipient, "destination_blocked"},
    FaultRow{"invalid phone number", Fault::no_recipient, "invalid_number"},
    FaultRow{"message body is invalid", Fault::message, "invalid_body"},
    FaultRow{"phone carrier has blocked this message", Fault::message, "carrier_blocked"},
    FaultRow{"phone carrier is currently unreachable", Fault::passing, "carrier_unreachable"},
    FaultRow{"phone has blocked sms", Fault::recipient, "phone_blocks_sms"},
    FaultRow{"phone is on a blocked list", Fault::recipient, "phone_blocked"},
    FaultRow{"phone is blacklisted", Fault::recipient, "phone_blocked"},
    FaultRow{"phone is currently unreachable", Fault::passing, "phone_unreachable"},
    FaultRow{"would exceed max price", Fault::message, "over_max_price"},
    FaultRow{"unknown error attempting to reach phone", Fault::passing, "unknown_error"},
    FaultRow{"no quota left for account", Fault::account, "no_quota"},
    FaultRow{"sandboxed account", Fault::account, "sandbox"},
    FaultRow{"requires additional review", Fault::account, "review"},
    FaultRow{"unhandled provider", Fault::account, "unhandled_provider"},
};

ReceiptOutcome outcome_of(Fault fault) {
  switch (fault) {
    case Fault::opted_out: return ReceiptOutcome::opted_out;
    case Fault::account: return ReceiptOutcome::account;
    case Fault::passing: return ReceiptOutcome::failed_temporary;
    default: return ReceiptOutcome::failed_permanent;
  }
}

void class_failure(domain::Receipt& receipt, const std::string& response) {
  const auto row = std::find_if(table.begin(), table.end(), [&](const FaultRow& known) {
    return response.find(known.answer) != std::string::npos;
  });
  const bool known = row != table.end();
  receipt.outcome = known ? outcome_of(row->fault) : ReceiptOutcome::accepted;
  receipt.detail = known ? row->means : domain::unknown_word;
}

}  // namespace

std::span<const FaultRow> faults() { return table; }

std::variant<domain::Receipt, message::FieldError> parse_delivery_log(std::string_view line,
                                                                      domain::TimePoint now) {
  const auto log = Json::parse(line, nullptr, false);
  if (!log.is_object()) return message::FieldError{"invalid_json", "", "a line of SNS's SMS log"};
  const auto& notification = member(log, "notification");
  const auto& delivery = member(log, "delivery");
  domain::Receipt receipt;
  receipt.carrier = "sns";
  receipt.message_id = message::receipt_message_id(member(notification, "messageId"));
  if (receipt.message_id.empty())
    return message::FieldError{"missing_field", "/notification/messageId", "the id of Publish"};
  if (!domain::is_message_id(receipt.message_id))
    return message::FieldError{"too_long", "/notification/messageId", "at most 128 octets"};
  // "2016-06-28 00:40:34.558", UTC.
  receipt.at = message::receipt_time(member(notification, "timestamp")).value_or(now);
  const auto response = message::lower(text_in(delivery, "providerResponse"));
  const auto status = text_in(log, "status");
  if (status == "SUCCESS") {
    receipt.outcome = ReceiptOutcome::delivered;
    // "… accepted by phone carrier" is the last word of many networks; "… by phone" is the handset.
    const bool by_phone = response.ends_with("accepted by phone");
    receipt.proof = by_phone ? domain::Proof::handset : domain::Proof::carrier;
  } else if (status == "FAILURE") {
    class_failure(receipt, response);
  } else if (!status.empty()) {
    receipt.detail = domain::unknown_word;
  } else {
    return message::FieldError{"missing_field", "/status", "SUCCESS or FAILURE"};
  }
  receipt.price = message::receipt_price(member(delivery, "priceInUSD"));
  receipt.segments = message::receipt_segments(member(delivery, "numberOfMessageParts"));
  return receipt;
}

}  // namespace postrider::adapters::aws::sns
