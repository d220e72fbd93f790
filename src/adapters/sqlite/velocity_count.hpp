// How many SMS went to a number, a prefix and a country in the last hour, inside one transaction.
// Counted by ten minutes, and the ten that began more than an hour ago count whole: never more in
// any hour, sometimes a little less.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "adapters/sqlite/connection.hpp"
#include "ports/notification_store.hpp"

namespace postrider::adapters::sqlite {

class VelocityCount {
 public:
  explicit VelocityCount(Connection& writer) : writer_{writer} {}

  /// Counts this one and returns nullptr, or the reason why it must not go and counts nothing.
  const char* take(const domain::Notification& n, domain::TimePoint now,
                   const ports::Velocity& limits);
  /// Before the commit. Forgets what is too old.
  void write();

 private:
  struct Count {
    int before = 0;  // in the table
    int now = 0;     // in this transaction
  };
  Count& of(const std::string& key, std::int64_t slot);

  Connection& writer_;
  std::int64_t slot_ = 0;
  std::map<std::string, Count> counts_;
};

}  // namespace postrider::adapters::sqlite
