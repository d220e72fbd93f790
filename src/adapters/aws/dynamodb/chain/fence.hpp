// The fence of a chain as an item: see domain::ChainFence. A claim moves it in its own transaction.
// Pure.
#pragma once

#include "adapters/aws/dynamodb/database/database.hpp"
#include "domain/delivery/chain.hpp"

namespace postrider::adapters::aws::dynamodb {

struct FenceItem {
  domain::ChainFence fence;
  std::int64_t version = 0;  // 0: there is no item

  FenceItem() = default;
  /// `item` as it was read. What can't be read of it counts as absent.
  explicit FenceItem(const Item& item);

  /// The key of the fence of the chain of `n`.
  static Json key_of(const domain::Notification& n);
  /// The action of a transaction in which the notification of rank `taken` is claimed; it fails if
  /// another worker has moved the fence since.
  Json take(const Database& database, const Json& key, const domain::Rank& taken) const;
};

}  // namespace postrider::adapters::aws::dynamodb
