// The writer's connection, and values that belong to it. Database makes the one Writer and lends it
// to the work of a transaction, under the writer's mutex: whoever has a reference to it holds the
// mutex. So a parameter `Writer&` is the proof, at no cost, that no other thread is in there.
#pragma once

#include <utility>

#include "adapters/sqlite/database/connection.hpp"

namespace postrider::adapters::sqlite {

class Writer final : public Connection {
 private:
  friend class Database;
  explicit Writer(Connection&& opened) : Connection{std::move(opened)} {}
};

/// A value in memory that goes with what is in the database: reached within the writer's
/// transactions only.
template <class T>
class WriterOwned {
 public:
  /// Valid until the transaction of `writer` ends.
  T& in(const Writer&) { return value_; }

 private:
  T value_{};
};

}  // namespace postrider::adapters::sqlite
