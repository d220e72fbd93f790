#include "contract/home.hpp"

#include <filesystem>

#include "adapters/memory/memory_allowance.hpp"
#include "adapters/memory/memory_audit_log.hpp"
#include "adapters/memory/memory_cost_book.hpp"
#include "adapters/memory/memory_customer_directory.hpp"
#include "adapters/memory/memory_notification_query.hpp"
#include "adapters/memory/memory_notification_store.hpp"
#include "adapters/memory/memory_receipt_inbox.hpp"
#include "adapters/sqlite/sqlite_allowance.hpp"
#include "adapters/sqlite/sqlite_audit_log.hpp"
#include "adapters/sqlite/sqlite_cost_book.hpp"
#include "adapters/sqlite/sqlite_customer_directory.hpp"
#include "adapters/sqlite/sqlite_notification_query.hpp"
#include "adapters/sqlite/sqlite_notification_store.hpp"
#include "adapters/sqlite/sqlite_receipt_inbox.hpp"
#include "adapters/sqlite/verify.hpp"

namespace postrider::contract {
namespace {

class MemoryHome final : public Home {
 public:
  ports::NotificationStore& store() override { return store_; }
  ports::NotificationQuery& query() override { return query_; }
  ports::ReceiptInbox& inbox() override { return inbox_; }
  ports::CustomerDirectory& customers() override { return customers_; }
  ports::AuditLog& audit() override { return audit_; }
  ports::CostBook& costs() override { return costs_; }
  std::unique_ptr<ports::Allowance> allowance(int parts_per_second) override {
    return std::make_unique<adapters::memory::MemoryAllowance>(world_, parts_per_second);
  }

 private:
  adapters::memory::MemoryWorld world_;
  adapters::memory::MemoryNotificationStore store_{world_};
  adapters::memory::MemoryNotificationQuery query_{world_};
  adapters::memory::MemoryReceiptInbox inbox_{world_};
  adapters::memory::MemoryCustomerDirectory customers_{world_};
  adapters::memory::MemoryAuditLog audit_{world_};
  adapters::memory::MemoryCostBook costs_{world_};
};

class Folder {
 public:
  Folder() {
    std::string pattern = testing::TempDir() + "postrider-contract-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class SqliteHome final : public Home {
 public:
  // Whatever a test did, the database must hold its promises afterwards.
  ~SqliteHome() override {
    const auto findings = adapters::sqlite::verify(*database_);
    EXPECT_TRUE(findings.has_value());
    if (findings) {
      EXPECT_THAT(*findings, testing::IsEmpty());
    }
  }
  ports::NotificationStore& store() override { return store_; }
  ports::NotificationQuery& query() override { return query_; }
  ports::ReceiptInbox& inbox() override { return inbox_; }
  ports::CustomerDirectory& customers() override { return customers_; }
  ports::AuditLog& audit() override { return audit_; }
  ports::CostBook& costs() override { return costs_; }
  std::unique_ptr<ports::Allowance> allowance(int parts_per_second) override {
    return std::make_unique<adapters::sqlite::SqliteAllowance>(*database_, parts_per_second);
  }

 private:
  Folder folder_;
  std::unique_ptr<adapters::sqlite::Database> database_{
      *adapters::sqlite::Database::open_service(folder_.path())};
  adapters::sqlite::SqliteNotificationStore store_{*database_};
  adapters::sqlite::SqliteNotificationQuery query_{*database_};
  adapters::sqlite::SqliteReceiptInbox inbox_{*database_};
  adapters::sqlite::SqliteCustomerDirectory customers_{*database_};
  adapters::sqlite::SqliteAuditLog audit_{*database_};
  adapters::sqlite::SqliteCostBook costs_{*database_};
};

}  // namespace

std::vector<HomeKind> homes() {
  return {{"memory", [] { return std::make_unique<MemoryHome>(); }},
          {"sqlite", [] { return std::make_unique<SqliteHome>(); }}};
}

}  // namespace postrider::contract
