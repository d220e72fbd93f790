// Events that AWS hands to a function: batches of SQS, log events of a subscription, messages of
// SNS, events of EventBridge. Pure and thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "message/json/order_event_json.hpp"

namespace postrider::adapters::aws::lambda {

struct SqsRecord {
  std::string message_id;
  std::string body;
  int receive_count = 1;
  std::string queue;  // its name
};

/// The records of an SQS event; nullopt for any other event.
std::optional<std::vector<SqsRecord>> parse_sqs_event(std::string_view event);

/// The partial batch response: SQS delivers these records again.
std::string batch_failures(const std::vector<std::string>& message_ids);

/// The `detail` in EventBridge's envelope, as JSON; nullopt where the event is none of EventBridge.
std::optional<std::string> parse_event_detail(std::string_view event);

inline constexpr std::size_t max_inflated = 16 * 1024 * 1024;

/// The messages of a CloudWatch Logs subscription, of SNS or of EventBridge: each is a document of
/// a provider. None for a control message, which only checks that the function exists. A
/// FieldError: the event is none of the three, or its gzip is cut, broken or too large.
std::variant<std::vector<std::string>, message::FieldError> parse_messages(std::string_view event);

}  // namespace postrider::adapters::aws::lambda
