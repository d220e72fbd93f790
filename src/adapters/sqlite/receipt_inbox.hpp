// ReceiptInbox on SQLite. Thread-safe.
#pragma once

#include <atomic>

#include "adapters/sqlite/database/database.hpp"
#include "ports/receipt_inbox.hpp"

namespace postrider::adapters::sqlite {

class SqliteReceiptInbox final : public ports::ReceiptInbox {
 public:
  /// `database` outlives the inbox.
  explicit SqliteReceiptInbox(Database& database) : database_{database} {}

  domain::Result<domain::Done> keep(std::span<const domain::Receipt> receipts,
                                    domain::TimePoint now) override;
  domain::Result<std::vector<domain::Receipt>> find(
      std::span<const ports::NotificationStore::MessageKey> keys) override;
  domain::Result<std::vector<domain::Receipt>> matched(int limit) override;
  domain::Result<domain::Done> drop(std::span<const domain::Receipt> receipts) override;
  domain::Result<int> expire(domain::TimePoint horizon) override;

 private:
  Database& database_;
  std::atomic<std::int64_t> looked_up_to_{0};  // where the last matched() stopped
};

}  // namespace postrider::adapters::sqlite
