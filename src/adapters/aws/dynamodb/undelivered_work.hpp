// What a queue was told of and nobody has fetched: the queue lost it, or whoever should have told
// it died. The sweeper offers it again. Thread-safe.
#pragma once

#include <atomic>
#include <vector>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/state.hpp"
#include "ports/work_queue.hpp"

namespace postrider::adapters::aws::dynamodb {

class UndeliveredWork {
 public:
  explicit UndeliveredWork(Database& database) : database_{database} {}

  /// At most `most` SMS and as many e-mails that the sweeper has to look at now; for a while it
  /// will not find them again, and so long their messages may be put off in the queue.
  domain::Result<std::vector<ports::WorkQueue::Item>> take(int most);

 private:
  domain::Result<std::vector<ports::WorkQueue::Item>> take_of(domain::State state,
                                                              domain::Priority priority,
                                                              unsigned first_shard,
                                                              std::size_t most);

  Database& database_;
  std::atomic<unsigned> turn_{0};
};

}  // namespace postrider::adapters::aws::dynamodb
