// The loop of a change that reads items, decides, and writes only if no other worker has written
// them since; where one was faster, the loop reads and decides again. Thread-safe, and safe between
// machines.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"

namespace postrider::adapters::aws::dynamodb {

/// The decision of one round. Without a write the loop ends with `value`; with a write it ends with
/// `value` once that is written.
template <class T>
struct Decided {
  T value;
  std::optional<Write> write = std::nullopt;
};

using Items = std::vector<std::optional<Item>>;

/// Waits up to 20 ms, so that workers that collided do not collide again.
inline void wait_after_collision(Database& database) {
  std::this_thread::sleep_for(std::chrono::milliseconds{database.next_sequence() % 20});
}

/// Runs the loop. `decide` gets the present items of `keys` (nullopt: none) and returns the write,
/// whose condition fails where an item has changed. nullopt: other workers were faster in each of
/// `tries` rounds. An Error: the last write may or may not be done.
template <class T>
domain::Result<std::optional<T>> update_conditionally(
    Database& database, std::span<const Key> keys, int tries,
    const std::function<Decided<T>(const Items&)>& decide) {
  for (int round = 0; round < tries; ++round) {
    if (round > 0) wait_after_collision(database);
    const auto found = database.get(keys);
    if (!found) return found.error();
    auto decided = decide(*found);
    if (!decided.write) return std::optional{std::move(decided.value)};
    const auto outcome = database.write(*decided.write);
    if (outcome.done()) return std::optional{std::move(decided.value)};
    if (!outcome.refused()) return outcome.error;
  }
  return std::optional<T>{};
}

}  // namespace postrider::adapters::aws::dynamodb
