// What a provider's request says: receipts, and those of it that could not be read. One that is
// broken does not take the good ones with it: a provider does not send them twice.
#pragma once

#include <vector>

#include "domain/attempt.hpp"
#include "message/json/order_event_json.hpp"

namespace postrider::message {

struct ReceiptBatch {
  std::vector<domain::Receipt> receipts;
  std::vector<FieldError> refused;  // the pointer begins with the receipt's index
};

}  // namespace postrider::message
