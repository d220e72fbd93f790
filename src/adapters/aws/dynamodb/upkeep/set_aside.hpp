// Bad items of the notification log, set aside so that they stop no other: each is named in the
// log, counted, and put an hour off where it is due, so that a list of due work never consists of
// bad ones alone. Thread-safe.
#pragma once

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/notification.hpp"
#include "ports/telemetry.hpp"

namespace postrider::adapters::aws::dynamodb {

class SetAside {
 public:
  /// Both outlive it.
  SetAside(Database& database, ports::Telemetry& telemetry)
      : database_{database}, telemetry_{telemetry} {}

  /// The notification in an item; nullopt where it can't be read, and then it is set aside.
  std::optional<domain::Notification> read(const Item& item);
  std::optional<domain::Notification> read(const std::optional<Item>& item) {
    return item ? read(*item) : std::nullopt;
  }

  /// Counts and logs an item whose attribute can't be read, and writes nothing.
  void name(const Item& item, std::string_view attribute);
  /// Sets aside an item whose attribute can't be read: names it, and puts it off where it is due.
  void unreadable(const Item& item, std::string_view attribute);
  /// Logs why the write of a notification failed, and sets it aside where the same again can't
  /// succeed.
  void unwritable(const domain::NotificationId& id, const WriteOutcome& outcome);

 private:
  void put_off(const Item& item);

  Database& database_;
  ports::Telemetry& telemetry_;
};

}  // namespace postrider::adapters::aws::dynamodb
