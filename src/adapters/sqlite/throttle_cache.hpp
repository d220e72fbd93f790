// A cache of the times at which each customer's latest notifications pass, so that the throttle
// needs no query per order. A copy of what the table says: filled per customer when first needed,
// forgotten whenever in doubt. Used within the writer's transactions only.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/sqlite/database/connection.hpp"
#include "domain/intake/schedule.hpp"
#include "domain/notification.hpp"

namespace postrider::adapters::sqlite {

class ThrottleCache {
 public:
  /// What becomes of a new notification; changes nothing. Several that wait get successive times.
  domain::Schedule plan(Connection& writer, const domain::Notification& n,
                        const domain::Throttle& throttle);

  /// `n` was inserted as planned.
  void passed(const domain::Notification& n, const domain::Schedule& plan);

  /// What is known of this customer may no longer be true.
  void forget(std::string_view shop, domain::Mode mode, std::string_view customer);
  void clear() { customers_.clear(); }

 private:
  // Two dozen customers an hour per entry of a small shop, 20 MiB at most. Past it all is forgotten
  // and read again.
  static constexpr std::size_t max_customers = 50'000;
  using Times = std::vector<domain::TimePoint>;  // ascending

  Times& times_of(Connection& writer, const domain::Notification& n);
  const std::string& key_of(std::string_view shop, domain::Mode mode, std::string_view customer);

  domain::Milliseconds window_{0};
  std::unordered_map<std::string, Times> customers_;
  std::string key_;  // its memory is used again
};

}  // namespace postrider::adapters::sqlite
