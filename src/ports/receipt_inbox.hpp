// The inbox of receipts whose message id no attempt has (yet): early and foreign ones. Thread-safe.
#pragma once

#include <span>
#include <vector>

#include "domain/delivery/attempt.hpp"
#include "domain/result.hpp"
#include "ports/notification_store.hpp"

namespace postrider::ports {

class ReceiptInbox {
 public:
  virtual ~ReceiptInbox() = default;

  /// Keeps receipts; the same receipt is kept once. Of one message it keeps max_kept_receipts, so
  /// that a delivery always finds room. Durable when it returns.
  virtual domain::Result<domain::Done> keep(std::span<const domain::Receipt> receipts,
                                            domain::TimePoint now) = 0;

  /// The receipts kept for these messages, oldest first. They stay until dropped.
  virtual domain::Result<std::vector<domain::Receipt>> find(
      std::span<const NotificationStore::MessageKey> keys) = 0;

  /// The receipts whose attempt is known by now (a receipt and its send crossed), at most `limit`.
  /// A store may leave out receipts kept so long ago that their send is long recorded.
  virtual domain::Result<std::vector<domain::Receipt>> matched(int limit) = 0;

  /// Removes receipts that were applied.
  virtual domain::Result<domain::Done> drop(std::span<const domain::Receipt> receipts) = 0;

  /// Deletes receipts kept before `horizon` (a store may do so by itself) and returns their number.
  virtual domain::Result<int> expire(domain::TimePoint horizon) = 0;
};

}  // namespace postrider::ports
