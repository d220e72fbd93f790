// A database of a million notifications in every state, as version 2 kept it, becomes the current
// one: nothing is lost, offered again or reordered, and the upgrade tells how far it is.
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/sqlite/database/schema.hpp"
#include "adapters/sqlite/faulty_vfs.hpp"
#include "adapters/sqlite/notification_query.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/receipt_inbox.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/support.hpp"
#include "adapters/sqlite/verify.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::State;

constexpr int rows = 1'000'000;
constexpr int states = static_cast<int>(domain::state_count);

// The states take turns: notification i is in state i % 14, due at the time `start` + i.
constexpr const char* fill = R"(
CREATE TEMP TABLE paths(state INTEGER PRIMARY KEY, moves TEXT);
INSERT INTO paths VALUES (0, '- 0'), (1, '- 1'), (2, '- 0,0 2'), (3, '- 0,0 2,2 3'),
  (4, '- 0,0 2,2 4'), (5, '- 5'), (6, '- 5,5 6'), (7, '- 0,0 2,2 4,4 7'), (8, '- 5,5 6,6 8'),
  (9, '- 9'), (10, '- 1,1 10'), (11, '- 5,5 13,13 11'), (12, '- 5,5 6,6 8,8 12'), (13, '- 5,5 13');
WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 1000000)
INSERT INTO notifications SELECT i, CAST(printf('%016d', i) AS BLOB), 1795000000000, state, 3,
  1 + 4 * (i % 2), 1, CASE WHEN state <= 6 THEN 1795000000000 + i END,
  CASE WHEN state IN (5, 13) THEN 'sms_refused' ELSE '' END, state IN (2, 3, 4, 6, 7, 8, 12), 0, 0,
  state IN (3, 4, 7), 20000 * (state IN (2, 3)),
  20261101 * (state IN (2, 3, 4, 7)), state = 7, NULL,
  '1795000000000 ' || replace(moves, ',', ' cause' || char(10) || '1795000000000 ') || ' cause' ||
  char(10), 20000 * (state IN (4, 7))
  FROM k JOIN paths ON state = i % 14;
INSERT INTO contents SELECT seq, 'shop', 0, 'o' || seq, 'c' || seq, 'shipped', 0, id, NULL,
  created_at, created_at + 43200000, 20000, '+4915112345678', 'c@example.com', 'en', 0, 'text',
  'subject', 'mail', 'DE', '', 1, '', 0 FROM notifications;
INSERT INTO attempts SELECT seq * 4096 + 1, state IN (8, 12), 2 * (state = 3), 'carrier',
  CASE WHEN state <> 3 THEN 'message-' || seq END, '', created_at, 0, 1, 20000,
  CASE WHEN state = 7 THEN 0 END, CASE WHEN state = 7 THEN 'carrier' END,
  CASE WHEN state = 7 THEN 'message-' || seq END, CASE WHEN state = 7 THEN 1 END,
  CASE WHEN state = 7 THEN 'delivered' END, CASE WHEN state = 7 THEN created_at END, NULL, NULL, 0
  FROM notifications WHERE state IN (3, 4, 7, 8, 12);
INSERT INTO receipts(carrier, message_id, outcome, proof, detail, at, kept_at) VALUES
  ('carrier', 'message-4', 0, 1, 'delivered', 1795000000000, 1795000000000),
  ('carrier', 'of another', 0, 1, 'delivered', 1795000000000, 1795000000000);
INSERT INTO budget SELECT 20261101, sum(spent), sum(reserved) FROM notifications;
INSERT INTO counts SELECT state, count(*) FROM notifications GROUP BY state;
)";

/// A digest of all that `sql` yields, in its order: of the columns that version 2 had.
std::uint64_t digest(Connection& connection, const char* sql, int& columns) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  const auto add = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  };
  auto row = connection.query(sql);
  while (row.row()) {
    if (columns == 0) columns = row.columns();
    for (int column = 0; column < columns; ++column)
      add(row.is_null(column) ? "null" : row.text(column));
  }
  return hash;
}

constexpr std::array all_rows{
    "SELECT * FROM notifications ORDER BY seq", "SELECT * FROM contents ORDER BY seq",
    "SELECT " POSTRIDER_ATTEMPT_COLUMNS " FROM attempts ORDER BY key",
    "SELECT * FROM receipts ORDER BY key", "SELECT * FROM budget", "SELECT * FROM counts",
    // In the order in which workers and the sweeper get them.
    "SELECT id FROM notifications WHERE due_at IS NOT NULL ORDER BY state, priority, due_at"};

/// The digests of all rows; `columns`: of each query, 0 at first.
using Columns = std::array<int, all_rows.size()>;
std::vector<std::uint64_t> digests(Connection& connection, Columns& columns) {
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i < all_rows.size(); ++i)
    all.push_back(digest(connection, all_rows[i], columns[i]));
  return all;
}

domain::NotificationId id_in(int i) {
  const auto text = std::string(16 - std::to_string(i).size(), '0') + std::to_string(i);
  domain::NotificationId id;
  std::copy(text.begin(), text.end(), id.bytes.begin());
  return id;
}

using Told = std::vector<std::pair<std::int64_t, std::int64_t>>;

void expect_told_how_far(const Told& told) {
  ASSERT_GE(told.size(), 3U);
  for (std::size_t i = 1; i < told.size(); ++i) EXPECT_GT(told[i].first, told[i - 1].first);
  EXPECT_EQ(told.back().first, told.back().second);
}

void expect_receipts_find_their_attempts(Database& database) {
  std::vector<ports::NotificationStore::MessageKey> keys;
  std::vector<domain::NotificationId> ids;
  for (const int state : {4, 7, 8, 12})
    for (int i = state; i <= rows; i += 997 * states) {
      keys.push_back({"carrier", "message-" + std::to_string(i)});
      ids.push_back(id_in(i));
    }
  const auto matches = SqliteNotificationStore{database}.match(keys);
  ASSERT_TRUE(matches);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ASSERT_TRUE((*matches)[i]) << keys[i].message_id;
    EXPECT_EQ((*matches)[i]->notification.id, ids[i]);
  }
  const auto kept = SqliteReceiptInbox{database}.matched(10);
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_EQ(kept->front().message_id, "message-4");
}

void expect_nothing_offered_again(Database& database) {
  SqliteNotificationStore store{database};
  const domain::ClaimTerms later{
      start + std::chrono::hours{1}, std::chrono::seconds{60}, {1'000'000'000'000}};
  std::vector<domain::NotificationId> ids;
  for (int state = 0; state < states; ++state) ids.push_back(id_in(70 * states + state));
  const auto sms = store.claim_sms(ids, later);
  const auto email = store.claim_email(ids, later);
  ASSERT_TRUE(sms && email);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto state = static_cast<State>(i);
    EXPECT_EQ(std::holds_alternative<ports::Claimed>((*sms)[i]), state == State::accepted) << i;
    EXPECT_EQ(std::holds_alternative<ports::Claimed>((*email)[i]), state == State::email_due) << i;
  }
}

constexpr const char* fill_a_few = R"(
INSERT INTO attempts(key, channel, outcome, carrier, message_id, error, at, encoding, segments,
  price) VALUES(2 * 4096 + 1, 0, 0, 'carrier', 'm2', '', 1795000000000, 0, 1, 10000);
)";

int version_in(const Folder& folder) {
  const auto file = Connection::open(folder.database(), SQLITE_OPEN_READWRITE);
  auto row = (*file)->query("PRAGMA user_version");
  return row.row() ? row.small(0) : -1;
}

class InterruptedUpgradeTest : public testing::Test {
 protected:
  InterruptedUpgradeTest() {
    const auto old =
        Connection::open(folder_.database(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    EXPECT_TRUE(migrate(**old, {}, 2));
    EXPECT_TRUE((*old)->execute(fill_a_few));
  }
  void expect_untouched_and_upgraded_by_the_next_start() {
    EXPECT_EQ(version_in(folder_), 2);
    EXPECT_NE(open_service(folder_), nullptr);
    EXPECT_EQ(version_in(folder_), schema_version);
  }
  Folder folder_;
};

TEST_F(InterruptedUpgradeTest, ThatIsToldToStopIsUndone) {
  const auto stopped = Database::open_service(folder_.path(), [](auto...) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, domain::ErrorKind::unavailable);
  expect_untouched_and_upgraded_by_the_next_start();
}

TEST_F(InterruptedUpgradeTest, OnAFullDiskIsUndone) {
  const HealthyDisk healthy;
  const auto full = Database::open_service(folder_.path(), [](auto...) {
    faulty_disk().no_space = true;
    return true;
  });
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().kind, domain::ErrorKind::storage_full);
  faulty_disk().no_space = false;
  expect_untouched_and_upgraded_by_the_next_start();
}

TEST_F(InterruptedUpgradeTest, ThatIsKilledIsUndone) {
  const auto child = ::fork();
  if (child == 0) {
    static_cast<void>(Database::open_service(folder_.path(), [](auto...) -> bool { _exit(9); }));
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 9);
  expect_untouched_and_upgraded_by_the_next_start();
}

// An order for each state: a status that waits, and in the same millisecond a newer one in that
// state, which was told where version 2 says that an SMS or a mail went out.
constexpr const char* fill_orders = R"(
WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k WHERE i < 27)
INSERT INTO notifications SELECT i + 1, CAST(printf('%016d', i) AS BLOB), 1795000000000,
  i / 2 * (i % 2), 1, 5, 1, CASE WHEN i / 2 * (i % 2) <= 6 THEN 1795000000000 END, 'sms_refused',
  1, 1, 0, i % 2 = 1 AND i / 2 IN (3, 4, 7), 0, 0, 0, NULL, '', 0 FROM k;
INSERT INTO contents SELECT seq, 'shop', 0, 'o' || ((seq - 1) / 2), 'c' || seq,
  'status' || (seq % 2), 0, id, NULL, created_at, created_at + 43200000, 20000, '+4915112345678',
  'c@example.com', 'en', 0, 'text', 'subject', 'mail', 'DE', '', 1, '', 0 FROM notifications;
)";

TEST(UpgradeTest, AnOrderThatWasBegunBeforeIsToldForwards) {
  const Folder folder;
  {
    const auto old =
        Connection::open(folder.database(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    ASSERT_TRUE(migrate(**old, {}, 2));
    ASSERT_TRUE((*old)->execute(fill_orders)) << (*old)->take_failure()->what;
  }
  const auto database = open_service(folder);
  SqliteNotificationStore store{*database};
  std::vector<domain::NotificationId> older;
  for (int state = 0; state < states; ++state) older.push_back(id_in(2 * state));
  const auto outcomes = store.claim_sms(older, terms());
  ASSERT_TRUE(outcomes);
  for (int i = 0; i < states; ++i) {
    const auto state = static_cast<State>(i);
    using enum State;
    const bool told = state == unknown || state == sms_sent || state == delivered ||
                      state == emailed || state == bounced;
    const bool goes_first =
        state == accepted || state == sending_sms || state == email_due || state == sending_email;
    const auto& outcome = (*outcomes)[static_cast<std::size_t>(i)];
    EXPECT_EQ(std::holds_alternative<ports::Superseded>(outcome), told) << i;
    EXPECT_EQ(std::holds_alternative<ports::HeldBack>(outcome), goes_first) << i;
    EXPECT_EQ(std::holds_alternative<ports::Claimed>(outcome), !told && !goes_first) << i;
  }
}

TEST(UpgradeTest, WhatWentOutBeforeCountsForTheThrottle) {
  const Folder folder;
  {
    const auto old =
        Connection::open(folder.database(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    ASSERT_TRUE(migrate(**old, {}, 2));
    ASSERT_TRUE((*old)->execute(fill_orders)) << (*old)->take_failure()->what;
    ASSERT_TRUE((*old)->execute("UPDATE notifications SET released_at = created_at WHERE seq = 1"));
  }
  Told told;
  const auto stopped = Database::open_service(folder.path(), [&](auto done, auto total) {
    told.emplace_back(done, total);
    return false;
  });
  EXPECT_EQ(stopped.error().kind, domain::ErrorKind::unavailable);
  EXPECT_EQ(told, (Told{{1, 1}}));
  const auto database = open_service(folder);
  SqliteNotificationStore store{*database};
  auto one = sample(101), another = sample(102);
  one.content.phone = "+4915112345678";
  const std::vector batch{one, another};
  const auto outcomes = store.insert(batch, {.limit = 1});
  EXPECT_EQ(std::get<ports::Inserted>((*outcomes)[0]).state, State::deferred);
  EXPECT_EQ(std::get<ports::Inserted>((*outcomes)[1]).state, State::accepted);
}

// One test: filling takes its time, and each test is a process of its own.
TEST(UpgradeTest, OfAMillionRowsLosesNothingAndOffersNothingAgain) {
  const Folder folder;
  std::vector<std::uint64_t> before;
  Columns columns{};
  {
    const auto old =
        Connection::open(folder.database(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    ASSERT_TRUE(old);
    ASSERT_TRUE(migrate(**old, {}, 2));
    ASSERT_TRUE((*old)->execute("PRAGMA journal_mode = WAL; BEGIN"));
    ASSERT_TRUE((*old)->execute(fill)) << (*old)->take_failure()->what;
    ASSERT_TRUE((*old)->execute("COMMIT"));
    before = digests(**old, columns);
  }
  Told told;
  const auto database =
      Database::open_service(folder.path(), [&told](std::int64_t done, std::int64_t total) {
        told.emplace_back(done, total);
        return true;
      });
  ASSERT_TRUE(database) << database.error().what;
  expect_told_how_far(told);
  EXPECT_EQ(told.back().second, 357'144);  // attempts, of five states
  EXPECT_EQ(*(*database)->read([&](Connection& reader) { return digests(reader, columns); }),
            before);
  EXPECT_THAT(*verify(**database), testing::IsEmpty());
  expect_receipts_find_their_attempts(**database);
  expect_nothing_offered_again(**database);
}

}  // namespace
}  // namespace postrider::adapters::sqlite
