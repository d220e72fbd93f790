// A cache of the times at which the latest notifications to each person pass, so that the throttle
// needs no query per order. A copy of what the table says: filled per person when first needed,
// forgotten whenever in doubt. Used within the writer's transactions only.
#pragma once

#include <unordered_map>
#include <vector>

#include "adapters/sqlite/database/connection.hpp"
#include "domain/intake/schedule.hpp"
#include "domain/notification.hpp"

namespace postrider::adapters::sqlite {

class ThrottleCache {
 public:
  /// What becomes of a new notification to the person of that number (person_number.hpp); changes
  /// nothing. Several that wait get successive times.
  domain::Schedule plan(Connection& writer, const domain::Notification& n, std::int64_t person,
                        const domain::Throttle& throttle);

  /// A notification to this person was inserted as planned.
  void passed(std::int64_t person, const domain::Schedule& plan);

  /// What is known of this person may no longer be true.
  void forget(std::int64_t person) { people_.erase(person); }
  void clear() { people_.clear(); }

 private:
  // Some 10 MiB at most. Past it all is forgotten and read again.
  static constexpr std::size_t max_people = 50'000;
  using Times = std::vector<domain::TimePoint>;  // ascending

  Times& times_of(Connection& writer, std::int64_t person, domain::TimePoint start);

  domain::Milliseconds window_{0};
  std::unordered_map<std::int64_t, Times> people_;
};

}  // namespace postrider::adapters::sqlite
