#include "contract/home.hpp"

#include <cstdlib>
#include <filesystem>

#include "adapters/aws/dynamodb/allowance.hpp"
#include "adapters/aws/dynamodb/audit_log.hpp"
#include "adapters/aws/dynamodb/cost_book.hpp"
#include "adapters/aws/dynamodb/customer_directory.hpp"
#include "adapters/aws/dynamodb/database/update.hpp"
#include "adapters/aws/dynamodb/line_hold.hpp"
#include "adapters/aws/dynamodb/notification_query.hpp"
#include "adapters/aws/dynamodb/notification_store.hpp"
#include "adapters/aws/dynamodb/receipt_inbox.hpp"
#include "adapters/sqlite/allowance.hpp"
#include "adapters/sqlite/audit_log.hpp"
#include "adapters/sqlite/cost_book.hpp"
#include "adapters/sqlite/customer_directory.hpp"
#include "adapters/sqlite/notification_query.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/receipt_inbox.hpp"
#include "adapters/sqlite/verify.hpp"
#include "doubles/manual_clock.hpp"
#include "doubles/memory_allowance.hpp"
#include "doubles/memory_audit_log.hpp"
#include "doubles/memory_cost_book.hpp"
#include "doubles/memory_customer_directory.hpp"
#include "doubles/memory_notification_query.hpp"
#include "doubles/memory_notification_store.hpp"
#include "doubles/memory_receipt_inbox.hpp"
#include "doubles/recording_telemetry.hpp"
#include "pipeline/line/local_line_hold.hpp"

namespace postrider::contract {
namespace {

namespace aws = adapters::aws;
namespace dynamodb = adapters::aws::dynamodb;

class MemoryHome final : public Home {
 public:
  std::unique_ptr<ports::LineHold> line_hold() override {
    return std::make_unique<pipeline::LocalLineHold>();
  }
  ports::NotificationStore& store() override { return store_; }
  ports::NotificationQuery& query() override { return query_; }
  ports::ReceiptInbox& inbox() override { return inbox_; }
  ports::CustomerDirectory& customers() override { return customers_; }
  ports::AuditLog& audit() override { return audit_; }
  ports::CostBook& costs() override { return costs_; }
  std::unique_ptr<ports::Allowance> allowance(int parts_per_second) override {
    return std::make_unique<doubles::MemoryAllowance>(world_, parts_per_second);
  }
  void spoil(const domain::NotificationId& id) override {
    const concurrency::Lock lock{world_.mutex};
    world_.unreadable.insert(id);
  }
  void block(const domain::NotificationId& id) override {
    const concurrency::Lock lock{world_.mutex};
    world_.unwritable.insert(id);
  }

 private:
  doubles::MemoryWorld world_;
  doubles::MemoryNotificationStore store_{world_};
  doubles::MemoryNotificationQuery query_{world_};
  doubles::MemoryReceiptInbox inbox_{world_};
  doubles::MemoryCustomerDirectory customers_{world_};
  doubles::MemoryAuditLog audit_{world_};
  doubles::MemoryCostBook costs_{world_};
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
  // After every test the database must pass verify, unless the test spoilt it.
  ~SqliteHome() override {
    if (spoilt_) return;
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
  doubles::RecordingTelemetry* telemetry() override { return &telemetry_; }
  void spoil(const domain::NotificationId& id) override {
    spoilt_ = true;
    EXPECT_TRUE(
        database_->write(adapters::sqlite::Purpose::settle, [&](adapters::sqlite::Writer& writer) {
          writer.run("UPDATE notifications SET proof = 77 WHERE id = ?", id);
          return domain::Done{};
        }));
  }

  /// By a constraint.
  void block(const domain::NotificationId& id) override {
    EXPECT_TRUE(
        database_->write(adapters::sqlite::Purpose::settle, [&](adapters::sqlite::Writer& writer) {
          writer.execute(
              "CREATE TABLE IF NOT EXISTS blocked_rows(id BLOB);"
              "CREATE TRIGGER IF NOT EXISTS blocked BEFORE UPDATE OF version ON notifications"
              " WHEN OLD.id IN (SELECT id FROM blocked_rows)"
              " BEGIN SELECT RAISE(ABORT, 'blocked'); END;");
          writer.run("INSERT INTO blocked_rows VALUES(?)", id);
          return domain::Done{};
        }));
  }

 private:
  bool spoilt_ = false;
  doubles::RecordingTelemetry telemetry_;
  Folder folder_;
  std::unique_ptr<adapters::sqlite::Database> database_{
      *adapters::sqlite::Database::open_service(folder_.path())};
  adapters::sqlite::SqliteNotificationStore store_{*database_, &telemetry_};
  adapters::sqlite::SqliteNotificationQuery query_{*database_, &telemetry_};
  adapters::sqlite::SqliteReceiptInbox inbox_{*database_};
  adapters::sqlite::SqliteCustomerDirectory customers_{*database_};
  adapters::sqlite::SqliteAuditLog audit_{*database_};
  adapters::sqlite::SqliteCostBook costs_{*database_};
};

/// The home on the stand-in that tests/aws/on_moto.py starts, with tables of its own for each test.
class DynamoDbHome final : public Home {
 public:
  DynamoDbHome() {
    for (const auto& request : dynamodb::create_table_requests(database_.tables())) {
      const auto outcome = database_.write({"CreateTable", request, dynamodb::Repeat::if_refused});
      EXPECT_TRUE(outcome.done()) << outcome.error.what;
    }
  }
  ports::NotificationStore& store() override { return store_; }
  ports::NotificationQuery& query() override { return query_; }
  ports::ReceiptInbox& inbox() override { return inbox_; }
  ports::CustomerDirectory& customers() override { return customers_; }
  ports::AuditLog& audit() override { return audit_; }
  ports::CostBook& costs() override { return costs_; }
  std::unique_ptr<ports::LineHold> line_hold() override {
    return std::make_unique<dynamodb::DynamoDbLineHold>(database_, "sms");
  }
  bool forgets_by_itself() const override { return true; }
  void forget_before(domain::TimePoint horizon) override {
    pass_to(horizon + retention - domain::Milliseconds{1});
  }
  void pass_to(domain::TimePoint now) override { clock_.set(now); }
  std::unique_ptr<ports::Allowance> allowance(int parts_per_second) override {
    return std::make_unique<dynamodb::DynamoDbAllowance>(database_, parts_per_second);
  }
  doubles::RecordingTelemetry* telemetry() override { return &telemetry_; }
  void spoil(const domain::NotificationId& id) override {
    dynamodb::Update update{database_.tables().log, dynamodb::log_key(domain::to_string(id))};
    update.set("state", dynamodb::text("state_of_a_newer_version"));
    EXPECT_TRUE(
        database_.write({"UpdateItem", update.request("NONE"), dynamodb::Repeat::safe}).done());
  }
  /// By an item that is nearly as large as DynamoDB takes: a history line more is too much, another
  /// due time is not.
  void block(const domain::NotificationId& id) override {
    constexpr std::size_t room = 80;
    for (std::size_t size = 400 * 1024; size > 390 * 1024; size -= 50)
      if (pad(id, size)) {
        EXPECT_TRUE(pad(id, size - room));
        return;
      }
    ADD_FAILURE() << "no size is taken";
  }

 private:
  static constexpr std::chrono::days retention{30};

  bool pad(const domain::NotificationId& id, std::size_t size) {
    dynamodb::Update update{database_.tables().log, dynamodb::log_key(domain::to_string(id))};
    update.remove("padding");
    database_.write({"UpdateItem", update.request("NONE"), dynamodb::Repeat::safe});
    dynamodb::Update padded{database_.tables().log, dynamodb::log_key(domain::to_string(id))};
    padded.set("padding", dynamodb::text(std::string(size, 'x')));
    return database_.write({"UpdateItem", padded.request("NONE"), dynamodb::Repeat::safe}).done();
  }

  static aws::client::Client& client() {
    static doubles::ManualClock now{
        std::chrono::floor<domain::Milliseconds>(std::chrono::system_clock::now())};
    static aws::client::Client shared{
        [] {
          auto settings = *aws::client::read_settings(aws::client::process_environment());
          settings.tries = 10;  // the stand-in's faults come more often than AWS's
          settings.longest_backoff = domain::Milliseconds{20};
          return settings;
        }(),
        now};
    return shared;
  }
  static dynamodb::Tables tables() {
    static int count = 0;
    const auto prefix = "t" + std::to_string(++count) + "-";
    return {prefix + "log", prefix + "customers", prefix + "status", prefix + "guard"};
  }

  doubles::ManualClock clock_;
  doubles::RecordingTelemetry telemetry_;
  dynamodb::Database database_{client(), clock_, tables(), retention, domain::Milliseconds{0}};
  dynamodb::DynamoDbNotificationStore store_{database_, telemetry_};
  dynamodb::DynamoDbNotificationQuery query_{database_, telemetry_};
  dynamodb::DynamoDbReceiptInbox inbox_{database_};
  dynamodb::DynamoDbCustomerDirectory customers_{database_};
  dynamodb::DynamoDbAuditLog audit_{database_};
  dynamodb::DynamoDbCostBook costs_{database_, query_};
};

}  // namespace

std::vector<HomeKind> homes() {
  std::vector<HomeKind> kinds{{"memory", [] { return std::make_unique<MemoryHome>(); }},
                              {"sqlite", [] { return std::make_unique<SqliteHome>(); }}};
  if (std::getenv("AWS_ENDPOINT_URL") != nullptr)
    kinds.push_back({"dynamodb", [] { return std::make_unique<DynamoDbHome>(); }});
  return kinds;
}

}  // namespace postrider::contract
