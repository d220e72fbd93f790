// ReceiptInbox on DynamoDB: one item a message, with its receipts as attributes, so that a sender
// finds its own by key. Thread-safe. Besides, for a while, one item a receipt in the order of
// arrival, so that the sweeper need not read foreign receipts over and over.
#pragma once

#include <string>

#include "adapters/aws/dynamodb/database/database.hpp"
#include "ports/receipt_inbox.hpp"

namespace postrider::adapters::aws::dynamodb {

class DynamoDbReceiptInbox final : public ports::ReceiptInbox {
 public:
  /// `database` outlives it.
  explicit DynamoDbReceiptInbox(Database& database) : database_{database} {}

  domain::Result<domain::Done> keep(std::span<const domain::Receipt> receipts,
                                    domain::TimePoint now) override;
  domain::Result<std::vector<domain::Receipt>> find(
      std::span<const ports::NotificationStore::MessageKey> keys) override;
  domain::Result<std::vector<domain::Receipt>> matched(int limit) override;
  domain::Result<domain::Done> drop(std::span<const domain::Receipt> receipts) override;
  domain::Result<int> expire(domain::TimePoint horizon) override;

 private:
  domain::Result<std::vector<ports::NotificationStore::MessageKey>> recent_messages();

  Database& database_;
};

}  // namespace postrider::adapters::aws::dynamodb
