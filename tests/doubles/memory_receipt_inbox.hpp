// ReceiptInbox over MemoryWorld, for tests. Thread-safe.
#pragma once

#include "doubles/memory_world.hpp"
#include "ports/receipt_inbox.hpp"

namespace postrider::doubles {

class MemoryReceiptInbox final : public ports::ReceiptInbox {
 public:
  explicit MemoryReceiptInbox(MemoryWorld& world) : world_{world} {}

  domain::Result<domain::Done> keep(std::span<const domain::Receipt> receipts,
                                    domain::TimePoint now) override;
  domain::Result<std::vector<domain::Receipt>> find(
      std::span<const ports::NotificationStore::MessageKey> keys) override;
  domain::Result<std::vector<domain::Receipt>> matched(int limit) override;
  domain::Result<domain::Done> drop(std::span<const domain::Receipt> receipts) override;
  domain::Result<int> expire(domain::TimePoint horizon) override;

 private:
  MemoryWorld& world_;
};

}  // namespace postrider::doubles
