// Due notifications whose queue message was lost, or never sent because its sender died; the
// sweeper offers them again. Thread-safe, and safe between machines.
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "adapters/aws/dynamodb/upkeep/set_aside.hpp"
#include "domain/delivery/state.hpp"
#include "ports/work_queue.hpp"

namespace postrider::adapters::aws::dynamodb {

class UndeliveredWork {
 public:
  /// The `requeue_after` of a stack: a queue delivers within seconds, so that work which is due for
  /// longer than this is lost. Every writer of a stack's tables uses it.
  static constexpr domain::Milliseconds requeue_after = std::chrono::minutes{5};

  /// Both outlive it.
  UndeliveredWork(Database& database, ports::Telemetry& telemetry)
      : database_{database}, set_aside_{database, telemetry} {}

  struct Taken {
    std::vector<ports::WorkQueue::Item> items;
    std::optional<domain::Error> error;  // the first of the shards that could not be read
  };
  /// Takes at most `max_items` SMS and as many e-mails that the sweeper has to offer now. For
  /// a while take() does not find them again; so long their messages may be put off in the queue.
  Taken take(int max_items);

 private:
  void take_of(domain::State state, domain::Priority priority, unsigned first_shard,
               std::size_t max_items, Taken& taken);

  Database& database_;
  SetAside set_aside_;
  std::atomic<unsigned> first_shard_{0};
};

}  // namespace postrider::adapters::aws::dynamodb
