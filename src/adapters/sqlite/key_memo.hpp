// The keys of the notifications that were touched lately, so that a claim or a record need not
// search the index of ids again: what comes in is nearly always on its way out soon. Exact, because
// only the one writer changes keys: used inside its transactions only.
#pragma once

#include <optional>
#include <vector>

#include "adapters/sqlite/database/connection.hpp"

namespace postrider::adapters::sqlite {

class KeyMemo {
 public:
  /// The notification's `seq`; nullopt where it is not kept.
  std::optional<std::int64_t> find(Connection& writer, const domain::NotificationId& id);

  void remember(const domain::NotificationId& id, std::int64_t seq);
  /// All of it: rows have gone, or may not have come.
  void clear();

 private:
  struct Place {
    domain::NotificationId id;
    std::int64_t seq = 0;  // 0: nothing here
  };
  // An id has one place; whoever comes later to the same place has it. 6 MiB, enough for a backlog
  // of 100,000.
  static constexpr unsigned place_bits = 18;

  Place& place_of(const domain::NotificationId& id);

  std::vector<Place> places_;  // empty until it is needed
};

}  // namespace postrider::adapters::sqlite
