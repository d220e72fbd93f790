// Sets aside what can't be read or written on one machine, so that it stops nobody: a row is named
// in the log, once an hour, counted, and left alone for an hour. Thread-safe. The store and the
// query of a database share what is left alone, which the database keeps.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "adapters/sqlite/upkeep/rows_set_aside.hpp"
#include "domain/notification_id.hpp"
#include "domain/result.hpp"
#include "ports/telemetry.hpp"

namespace postrider::adapters::sqlite {

class Database;

class SetAside {
 public:
  /// `database` and `telemetry` outlive it; without telemetry nothing is named.
  SetAside(Database& database, ports::Telemetry* telemetry);

  /// Rows with values that this version can't read. Those that are due are put an hour off, in the
  /// store where that can be written, else in memory.
  void unreadable(std::span<const domain::NotificationId> ids);

  /// A row whose reading or writing ended with `error`. `put_off`: also in the store.
  void failed(const domain::NotificationId& id, const domain::Error& error, bool put_off);

  /// Rows of the table of notifications that lie in a damaged page, by their `seq`, ascending: not
  /// even their ids can be read.
  void damaged(std::span<const std::int64_t> seqs);

 private:
  void name(const domain::NotificationId& id, std::string_view code, std::string_view reason);
  void put_off(const domain::NotificationId& id);

  Database& database_;
  ports::Telemetry* telemetry_;
};

}  // namespace postrider::adapters::sqlite
