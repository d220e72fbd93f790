// The order index as a reader of chains: the notifications of an order, as the log has them. It
// lags behind the log, so it may leave out what was taken in last. Thread-safe.
#pragma once

#include <vector>

#include "adapters/aws/dynamodb/upkeep/set_aside.hpp"
#include "domain/delivery/chain.hpp"

namespace postrider::adapters::aws::dynamodb {

/// What a reader of a chain needs of it.
enum class ChainPart : std::uint8_t {
  newer,  // the notifications of a higher rank
  all,    // the others, too
};

/// The facts about the others of the chain of `n`, from the order index and the log. One that can't
/// be read adds nothing: the fence of the chain knows whether it was told.
domain::Result<domain::ChainFacts> chain_of(Database& database, SetAside& set_aside,
                                            const domain::Notification& n, ChainPart part,
                                            domain::TimePoint now);

}  // namespace postrider::adapters::aws::dynamodb
