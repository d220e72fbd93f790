#include <filesystem>
#include <fstream>

#include "adapters/sqlite/notification_query.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/support.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::ErrorKind;

TEST(Database, ASecondServiceRefusesToStartAndNamesTheFirst) {
  const Folder folder;
  const auto first = open_service(folder);
  const auto second = Database::open_service(folder.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::locked);
  EXPECT_THAT(second.error().what, testing::HasSubstr("another postrider service (pid " +
                                                      std::to_string(::getpid()) + ")"));
}

TEST(Database, WhenTheFirstServiceHasEndedTheNextStarts) {
  const Folder folder;
  open_service(folder).reset();
  EXPECT_NE(open_service(folder), nullptr);
}

TEST(Database, AClockSetBackWhileTheServiceWasDownTurnsNoOrderRound) {
  const Folder folder;
  auto confirmed = sample(1), cancelled = sample(2);
  confirmed.order_id = cancelled.order_id = "one order";
  confirmed.intake = domain::to_unix_ms(start) * 1000;
  cancelled.intake = confirmed.intake - 3'600'000'000;
  {
    const auto service = open_service(folder);
    SqliteNotificationStore store{*service};
    ASSERT_TRUE(insert(store, {confirmed}));
  }
  const auto service = open_service(folder);
  SqliteNotificationStore store{*service};
  ASSERT_TRUE(insert(store, {cancelled}));
  const std::vector ids{confirmed.id, cancelled.id};
  const auto claims = store.claim_sms(ids, terms());
  ASSERT_TRUE(claims);
  EXPECT_TRUE(std::holds_alternative<ports::HeldBack>((*claims)[0]));
  EXPECT_TRUE(std::holds_alternative<ports::Claimed>((*claims)[1]));
}

TEST(Database, NothingOfATransactionIsInTheLogBeforeItsCommit) {
  const Folder folder;
  const auto service = open_service(folder);
  const auto log_bytes = [&] { return std::filesystem::file_size(folder.database() + "-wal"); };
  const auto before = log_bytes();
  std::uintmax_t meanwhile = 0;
  ASSERT_TRUE(service->write(Purpose::intake, [&](Writer& writer) {
    writer.execute("CREATE TABLE large(bytes BLOB)");
    for (int mib = 0; mib < 40; ++mib) writer.run("INSERT INTO large VALUES(randomblob(1048576))");
    meanwhile = log_bytes();
    return 0;
  }));
  EXPECT_EQ(meanwhile, before);
  EXPECT_GT(log_bytes(), before + 40'000'000);
}

TEST(Database, AFolderThatIsMissingIsMade) {
  const Folder folder;
  EXPECT_TRUE(Database::open_service(folder.path() + "/a/b"));
  EXPECT_TRUE(std::filesystem::exists(folder.path() + "/a/b/postrider.db"));
}

TEST(Database, AFolderThatCannotBeMadeIsAnError) {
  const auto opened = Database::open_service("/proc/nowhere");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::unavailable);
}

TEST(Database, ANewerSchemaIsNotTouched) {
  const Folder folder;
  open_service(folder).reset();
  run_sql(folder, "PRAGMA user_version = 1000");
  const auto service = Database::open_service(folder.path());
  ASSERT_FALSE(service);
  EXPECT_EQ(service.error().kind, ErrorKind::too_new);
  const auto reader = Database::open_reader(folder.path());
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind, ErrorKind::too_new);
}

TEST(Database, AReaderDoesNotMigrate) {
  const Folder folder;
  run_sql(folder, "CREATE TABLE something(x)");
  const auto reader = Database::open_reader(folder.path());
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind, ErrorKind::invalid);
}

TEST(Database, WithoutADatabaseAReaderIsAnErrorAndMakesNone) {
  const Folder folder;
  const auto reader = Database::open_reader(folder.path());
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind, ErrorKind::unavailable);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Database, AFileThatIsNoDatabaseIsCorrupt) {
  const Folder folder;
  std::ofstream{folder.database()} << std::string(8192, 'x');
  const auto service = Database::open_service(folder.path());
  ASSERT_FALSE(service);
  EXPECT_EQ(service.error().kind, ErrorKind::corrupt);
}

TEST(Database, AReaderSeesWhatARunningServiceWrites) {
  const Folder folder;
  const auto service = open_service(folder);
  const auto reader = Database::open_reader(folder.path());
  ASSERT_TRUE(reader) << reader.error().what;
  SqliteNotificationStore store{*service};
  SqliteNotificationStore seen{**reader};
  insert(store, samples(0, 10));
  EXPECT_TRUE(is_kept(seen, 9));
}

TEST(Database, AReaderWorksAfterTheServiceEnded) {
  const Folder folder;
  {
    const auto service = open_service(folder);
    SqliteNotificationStore store{*service};
    insert(store, samples(0, 10));
  }
  const auto reader = Database::open_reader(folder.path());
  ASSERT_TRUE(reader) << reader.error().what;
  SqliteNotificationStore seen{**reader};
  EXPECT_TRUE(is_kept(seen, 9));
}

TEST(Database, AReaderRefusesToWrite) {
  const Folder folder;
  const auto service = open_service(folder);
  const auto reader = Database::open_reader(folder.path());
  ASSERT_TRUE(reader);
  SqliteNotificationStore store{**reader};
  const auto outcome = store.insert(samples(0, 1), {});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::unavailable);
}

TEST(Database, TheLogIsCopiedBeforeItGrowsWithoutBound) {
  const Folder folder;
  const auto service = open_service(folder);
  SqliteNotificationStore store{*service};
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(insert(store, samples(i * 1000, 1000)));
  EXPECT_LT(std::filesystem::file_size(folder.database() + "-wal"), 40U << 20);
  EXPECT_GT(std::filesystem::file_size(folder.database()), 10U << 20);
}

TEST(Database, APageOfAListStaysQuickWhenEverythingIsLarge) {
  const Folder folder;
  const auto service = open_service(folder);
  SqliteNotificationStore store{*service};
  SqliteNotificationQuery query{*service};
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(insert(store, samples(i * 1000, 1000)));
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 50; ++i) {
    ports::Filter by_order;
    by_order.order_id = "order-" + std::to_string(i * 100);
    EXPECT_EQ(query.list(by_order, 50, "")->notifications.size(), 1U);
    EXPECT_EQ(query.list({}, 50, "")->notifications.size(), 50U);
    EXPECT_EQ(query.due(domain::State::accepted, start, 50)->size(), 50U);
    EXPECT_EQ(query.counts()->at(domain::State::accepted), 30'000);
  }
  // A scan of the table takes some 10 ms; 200 of them would take two seconds.
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{1});
}

}  // namespace
}  // namespace postrider::adapters::sqlite
