#include "adapters/aws/sns/receipt.hpp"
#include "adapters/aws/client/text.hpp"
#include "domain/delivery/receipt_limits.hpp"
#include "message/json/receipt_fields.hpp"
#include "message/text/ascii.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace postrider::adapters::aws::sns {
namespace {

using client::member;
using client::text_in;
using domain::ReceiptOutcome;
using Json = nlohmann::json;

struct Response {
  std::string_view part;  // of the text in lower case
  ReceiptOutcome outcome;
  std::string_view code;
};

// SNS developer guide, "Viewing CloudWatch metrics and logs for SMS deliveries", 2026-11, older
// wordings beside the new ones; then what accounts see that the guide does not list. The first row
// that fits counts.
constexpr std::array responses{
    Response{"is opted out", ReceiptOutcome::opted_out, "opted_out"},
    Response{"blocked as spam", ReceiptOutcome::failed_permanent, "blocked_as_spam"},
    Response{"destination is on a blocked list", ReceiptOutcome::failed_permanent,
             "destination_blocked"},
    Response{"destination is blacklisted", ReceiptOutcome::failed_permanent, "destination_blocked"},
    Response{"invalid phone number", ReceiptOutcome::failed_permanent, "invalid_number"},
    Response{"message body is invalid", ReceiptOutcome::failed_permanent, "invalid_body"},
    Response{"phone carrier has blocked this message", ReceiptOutcome::failed_permanent,
             "carrier_blocked"},
    Response{"phone carrier is currently unreachable", ReceiptOutcome::failed_temporary,
             "carrier_unreachable"},
    Response{"phone has blocked sms", ReceiptOutcome::failed_permanent, "phone_blocks_sms"},
    Response{"phone is on a blocked list", ReceiptOutcome::failed_permanent, "phone_blocked"},
    Response{"phone is blacklisted", ReceiptOutcome::failed_permanent, "phone_blocked"},
    Response{"phone is currently unreachable", ReceiptOutcome::failed_temporary,
             "phone_unreachable"},
    Response{"would exceed max price", ReceiptOutcome::failed_permanent, "over_max_price"},
    Response{"unknown error attempting to reach phone", ReceiptOutcome::failed_temporary,
             "unknown_error"},
    Response{"no quota left for account", ReceiptOutcome::account, "no_quota"},
    Response{"sandboxed account", ReceiptOutcome::account, "sandbox"},
    Response{"requires additional review", ReceiptOutcome::account, "review"},
    Response{"unhandled provider", ReceiptOutcome::account, "unhandled_provider"},
};

void class_failure(domain::Receipt& receipt, const std::string& response) {
  receipt.outcome = ReceiptOutcome::accepted;
  receipt.detail = domain::unknown_word;
  for (const auto& row : responses)
    if (response.find(row.part) != std::string::npos) {
      receipt.outcome = row.outcome;
      receipt.detail = row.code;
      return;
    }
}

}  // namespace

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
