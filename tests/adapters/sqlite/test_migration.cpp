// A database of an older version becomes the current one with all that was in it.
#include <sqlite3.h>

#include "adapters/sqlite/allowance.hpp"
#include "adapters/sqlite/cost_book.hpp"
#include "adapters/sqlite/customer_directory.hpp"
#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/support.hpp"
#include "adapters/sqlite/verify.hpp"

namespace postrider::adapters::sqlite {
namespace {

/// Two notifications as version 1 kept them: one under way with its money reserved, one that the
/// carrier took, whose cost is in the month's sum alone.
constexpr const char* rows_of_version_1 = R"(
INSERT INTO notifications VALUES
  (1, x'00000000000000000000000000000001', 1795000000000, 2, 1, 1, 2, 1795000060000, '', 1,
   0, 0, 0, 20000, 202611, 0, NULL, '1795000000000 - 0 accepted' || char(10) ||
   '1795000000000 0 2 claimed' || char(10)),
  (2, x'00000000000000000000000000000002', 1795000000000, 4, 2, 1, 1, 1795000900000, '', 1,
   0, 0, 1, 0, 0, 0,
   NULL, '1795000000000 - 0 accepted' || char(10) ||
   '1795000000000 0 2 claimed' || char(10) ||
   '1795000000000 2 4 carrier_accepted' || char(10));
INSERT INTO contents SELECT seq, 'shop', 0, 'o' || seq, 'c' || seq, 'shipped', 0, zeroblob(16),
  NULL, created_at, created_at + 43200000, 10000 * segments, '+4915112345678', 'c@example.com',
  'en', 0, 'text', 'subject', 'mail' FROM notifications;
INSERT INTO attempts(key, channel, outcome, carrier, message_id, error, at, encoding, segments,
  price) VALUES(2 * 4096 + 1, 0, 0, 'carrier', 'm2', '', 1795000000000, 0, 1, 10000);
INSERT INTO budget VALUES(202611, 10000, 20000);
INSERT INTO counts VALUES(2, 1), (4, 1);
)";

class MigrationTest : public testing::Test {
 protected:
  MigrationTest() {
    auto old = Connection::open(folder_.database(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    EXPECT_TRUE(old);
    EXPECT_TRUE(migrate(**old, {}, 1));
    EXPECT_TRUE((*old)->execute(rows_of_version_1)) << (*old)->take_failure()->what;
    old->reset();
    database_ = open_service(folder_);
  }

  Folder folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(MigrationTest, NothingIsLostAndEverythingHolds) {
  ASSERT_NE(database_, nullptr);
  const auto findings = verify(*database_);
  ASSERT_TRUE(findings);
  EXPECT_THAT(*findings, testing::IsEmpty());
  SqliteNotificationStore store{*database_};
  domain::NotificationId first, second;
  first.bytes[15] = 1;
  second.bytes[15] = 2;
  const std::vector ids{first, second};
  const auto loaded = store.load(ids);
  ASSERT_TRUE(loaded);
  EXPECT_EQ((*loaded)[0]->reserved, domain::Money{20'000});
  EXPECT_EQ(domain::month_of((*loaded)[0]->budget_day), 202611);
  EXPECT_EQ((*loaded)[1]->content.phone, "+4915112345678");
  const auto budget = SqliteAllowance{*database_, 0}.budget(202611);
  EXPECT_EQ(budget->spent, domain::Money{10'000});
  EXPECT_EQ(budget->reserved, domain::Money{20'000});
}

/// Of version 6: a mail that has used four of the six tries that mails had then.
TEST(Migration, MailsOfBeforeTheirWaitWasKeptBeginIt) {
  const Folder folder;
  auto old = Connection::open(folder.database(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  ASSERT_TRUE(old);
  ASSERT_TRUE(migrate(**old, {}, 1));
  ASSERT_TRUE((*old)->execute(rows_of_version_1)) << (*old)->take_failure()->what;
  ASSERT_TRUE(migrate(**old, {}, 6));
  ASSERT_TRUE((*old)->execute(
      "UPDATE notifications SET state = 5, email_tries = 4, attempts = 5, reason = 'no_receipt',"
      " history = history || '1795000900000 4 5 no_receipt' || char(10) WHERE seq = 2;"
      "UPDATE counts SET state = 5 WHERE state = 4;"));
  old->reset();
  const auto database = open_service(folder);
  ASSERT_NE(database, nullptr);
  EXPECT_THAT(*verify(*database), testing::IsEmpty());
  SqliteNotificationStore store{*database};
  domain::NotificationId mail;
  mail.bytes[15] = 2;
  const auto n = store.load({&mail, 1})->front();
  EXPECT_EQ(n->state, domain::State::email_due);
  EXPECT_EQ(n->email_tries, 4);
  EXPECT_EQ(n->mail_waited, domain::Milliseconds{0});
  EXPECT_EQ(n->content.email, "c@example.com");
  auto waits = move(*n, domain::State::email_due, "mail:smtp_450");
  waits.mail_waited = std::chrono::minutes{3};
  EXPECT_EQ(store.record({&waits, 1})->front(), ports::RecordOutcome::applied);
  EXPECT_EQ(store.load({&mail, 1})->front()->mail_waited, std::chrono::minutes{3});
}

TEST_F(MigrationTest, AnOptInIsKept) {
  SqliteCustomerDirectory customers{*database_};
  const std::string phone = "+4915112345678";
  const auto now = domain::from_unix_ms(1'795'000'000'000);
  EXPECT_FALSE(*customers.opt_in(phone, now));
  const ports::OptOut before{phone, "carrier", now - domain::Milliseconds{1}};
  ASSERT_TRUE(customers.opt_out({&before, 1}));
  EXPECT_FALSE(customers.opted_out({&phone, 1})->front());
}

TEST_F(MigrationTest, WhatWasReservedBeforeCanBeSpentAndReported) {
  SqliteNotificationStore store{*database_};
  domain::NotificationId first;
  first.bytes[15] = 1;
  const auto n = store.load({&first, 1})->front();
  auto took = move(*n, domain::State::sms_sent, "carrier_accepted");
  took.money = domain::MoneyEffect::spend;
  took.spent = domain::Money{15'000};
  took.sms_submitted = true;
  EXPECT_EQ(store.record({&took, 1})->front(), ports::RecordOutcome::applied);
  const auto budget = SqliteAllowance{*database_, 0}.budget(202611);
  EXPECT_EQ(budget->spent, domain::Money{25'000});
  EXPECT_EQ(budget->reserved, domain::Money{0});
  const auto lines = SqliteCostBook{*database_}.costs(20261100, 20261199);
  ASSERT_EQ(lines->size(), 1U);
  EXPECT_EQ(lines->front().spent, domain::Money{15'000});
  EXPECT_THAT(*verify(*database_), testing::IsEmpty());
}

}  // namespace
}  // namespace postrider::adapters::sqlite
