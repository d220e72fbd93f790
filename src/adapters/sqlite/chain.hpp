// The chain of a notification as the tables have it. For the thread that has the connection.
#pragma once

#include "adapters/sqlite/database/connection.hpp"
#include "domain/delivery/chain.hpp"

namespace postrider::adapters::sqlite {

/// The facts about the others of the chain of `n`, whose row is `seq`.
domain::ChainFacts chain_of(Connection& connection, const domain::Notification& n, std::int64_t seq,
                            domain::TimePoint now);

}  // namespace postrider::adapters::sqlite
