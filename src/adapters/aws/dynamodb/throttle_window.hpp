// The throttle window of one person: the times at which notifications to the person passed or will
// pass. One item a person, written only if no other worker has written it since. Pure.
#pragma once

#include <optional>
#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/intake/schedule.hpp"
#include "domain/notification.hpp"

namespace postrider::adapters::aws::dynamodb {

class ThrottleWindow {
 public:
  /// The key of the window of this notification's person, shop and mode.
  static Json key_of(const domain::Notification& n);

  /// `item` as it was read; nullopt where there is none.
  explicit ThrottleWindow(const std::optional<Item>& item);

  /// The time at which the window has room for `n`; nullopt: now. Drops the times that have left
  /// the window.
  std::optional<domain::TimePoint> room_for(const domain::Notification& n,
                                            const domain::Throttle& throttle);
  void add(domain::TimePoint time);
  void take_out(domain::TimePoint time);

  /// The Put (of a PutItem, or inside a transaction) of the window; it fails if another one came
  /// first.
  Json put_request(const Database& database, const Json& key) const;

 private:
  std::vector<domain::TimePoint> times_;  // ascending
  std::int64_t version_ = 0;              // as read; 0: there is none
};

}  // namespace postrider::adapters::aws::dynamodb
