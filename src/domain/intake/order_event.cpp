#include "domain/intake/order_event.hpp"

namespace postrider::domain {

Priority priority_of(const std::string& status) {
  const bool urgent = status == "cancelled" || status == "refunded" || status == "failed";
  return urgent ? Priority::high : Priority::normal;
}

}  // namespace postrider::domain
