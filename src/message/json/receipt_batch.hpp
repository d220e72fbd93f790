// The receipts of one request of a provider, and the errors of those that could not be read. A
// value. A broken receipt does not void the good ones, because a provider does not send them twice.
#pragma once

#include <vector>

#include "domain/delivery/attempt.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::message {

struct ReceiptBatch {
  std::vector<domain::Receipt> receipts;
  std::vector<FieldError> refused;  // the pointer begins with the receipt's index
};

}  // namespace postrider::message
