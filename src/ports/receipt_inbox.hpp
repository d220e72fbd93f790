// Keeps receipts whose message id no attempt has (yet): early and foreign ones. Thread-safe.
#pragma once

#include <span>
#include <vector>

#include "domain/attempt.hpp"
#include "domain/result.hpp"
#include "ports/notification_store.hpp"

namespace postrider::ports {

class ReceiptInbox {
 public:
  virtual ~ReceiptInbox() = default;

  /// Durable when it returns. The same receipt twice is kept once.
  virtual domain::Result<domain::Done> keep(std::span<const domain::Receipt> receipts,
                                            domain::TimePoint now) = 0;

  /// Receipts kept for these messages, oldest first. They stay until dropped.
  virtual domain::Result<std::vector<domain::Receipt>> find(
      std::span<const NotificationStore::MessageKey> keys) = 0;

  /// Receipts whose attempt is known by now (a receipt and its send crossed), at most `limit`. A
  /// store may leave those out that were kept so long ago that their send is long recorded.
  virtual domain::Result<std::vector<domain::Receipt>> matched(int limit) = 0;

  virtual domain::Result<domain::Done> drop(std::span<const domain::Receipt> receipts) = 0;

  /// Forgets what was kept before `horizon`; the number forgotten. A store may do so by itself.
  virtual domain::Result<int> expire(domain::TimePoint horizon) = 0;
};

}  // namespace postrider::ports
