// The times at which the notifications in the throttle's window pass, by person: a copy in memory
// of what the table says, so that the throttle needs no query per order. Filled when first needed,
// forgotten whenever in doubt. Used within the writer's transactions only.
#pragma once

#include <optional>
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

  using Time = std::optional<domain::TimePoint>;
  /// A notification to this person that was counted at `from` (none: not) counts at `to`.
  void moved(std::int64_t person, Time from, Time to);
  void clear();

 private:
  struct Pass {
    std::int64_t person = 0;
    std::int64_t at = 0;  // Unix, milliseconds; 0: a free place
  };
  // In a table of 64 MiB at most. Of more notifications in one window the oldest half is forgotten:
  // whoever got one of those may get one more.
  static constexpr std::size_t max_passes = 2'000'000;

  void fill(Connection& writer, domain::TimePoint start, domain::Milliseconds window);
  void add(Pass pass);
  void rebuild();
  std::size_t place_of(std::int64_t person) const;
  std::size_t after(std::size_t place) const { return (place + 1) & (places_.size() - 1); }
  const std::vector<domain::TimePoint>& times_of(std::int64_t person, domain::TimePoint start);

  domain::Milliseconds window_{0};  // 0: not filled
  std::int64_t filled_from_ = 0;    // all passes after this are known
  std::int64_t start_ = 0;          // of the window of the last notification
  std::vector<Pass> places_;        // open addressing; its size is a power of two
  std::size_t used_ = 0;
  std::vector<domain::TimePoint> times_;  // its memory is used again
};

}  // namespace postrider::adapters::sqlite
