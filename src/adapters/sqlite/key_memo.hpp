// The keys of the notifications that were touched lately, so that a claim or a record need not
// search the index of ids again: what comes in is nearly always on its way out soon. Exact, because
// only the one writer changes keys: used inside its transactions only.
#pragma once

#include <optional>
#include <unordered_map>

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
  // Two generations of as many: some 4 MiB.
  static constexpr std::size_t max_per_generation = 32'768;
  using Keys = std::unordered_map<domain::NotificationId, std::int64_t>;

  Keys younger_, older_;
};

}  // namespace postrider::adapters::sqlite
