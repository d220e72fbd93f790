// What the process has set aside: see set_aside.hpp. In memory only, because the rows may be ones
// that can't be written. Thread-safe.
#pragma once

#include "adapters/sqlite/upkeep/hourly_set.hpp"
#include "domain/notification_id.hpp"

namespace postrider::adapters::sqlite {

struct RowsSetAside {
  HourlySet<domain::NotificationId> named;  // in the log
  HourlySet<domain::NotificationId> left;   // what is due leaves them out
  HourlySet<std::int64_t> damaged;          // likewise, by their `seq`
};

}  // namespace postrider::adapters::sqlite
