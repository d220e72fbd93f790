// The connection that writes, and values that belong to its transactions. Database makes the one
// Writer and lends it to the work of a transaction, under the writer's mutex. A parameter `Writer&`
// therefore proves, at no cost, that its thread holds the mutex.
#pragma once

#include <utility>

#include "adapters/sqlite/database/connection.hpp"

namespace postrider::adapters::sqlite {

class Writer final : public Connection {
 private:
  friend class Database;
  explicit Writer(Connection&& opened) : Connection{std::move(opened)} {}
};

/// A value in memory that belongs to the contents of the database: only the writer's transactions
/// reach it.
template <class T>
class WriterOwned {
 public:
  /// Valid until the transaction of `writer` ends.
  T& in(const Writer&) { return value_; }

 private:
  T value_{};
};

}  // namespace postrider::adapters::sqlite
