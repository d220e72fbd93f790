// The throttle window of one customer: the times at which its notifications passed or will pass.
// One item a customer, written only if nobody else has written it since. Pure.
#pragma once

#include <optional>
#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/notification.hpp"
#include "domain/schedule.hpp"

namespace postrider::adapters::aws::dynamodb {

class ThrottleWindow {
 public:
  /// Of this notification's customer, shop and mode.
  static Json key_of(const domain::Notification& n);

  /// As it was read; nullopt where there is none.
  explicit ThrottleWindow(const std::optional<Item>& item);

  /// When there is room for one more; nullopt: now. Forgets what has left the window.
  std::optional<domain::TimePoint> room_for(const domain::Notification& n,
                                            const domain::Throttle& throttle);
  void add(domain::TimePoint time);
  void take_out(domain::TimePoint time);

  /// A Put (of a PutItem, or inside a transaction) that fails if another one came first.
  Json put_request(const Database& database, const Json& key) const;

 private:
  std::vector<domain::TimePoint> times_;  // ascending
  std::int64_t version_ = 0;              // as read; 0: there is none
};

}  // namespace postrider::adapters::aws::dynamodb
