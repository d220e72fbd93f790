// A row with a value that no version of the program writes ends neither the process nor the work
// for other rows.
#include <gmock/gmock.h>

#include "adapters/sqlite/cost_book.hpp"
#include "adapters/sqlite/notification_query.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/receipt_inbox.hpp"
#include "adapters/sqlite/support.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::State;

/// Notification 1, sent and with a receipt, which one statement spoils, and a good 2 of its order.
class UnreadableRow : public testing::TestWithParam<const char*> {
 protected:
  UnreadableRow() {
    make();
    run_sql(folder_, GetParam());
    database_ = open_service(folder_);
    store_.emplace(*database_);
    query_.emplace(*database_);
    EXPECT_TRUE(insert(*store_, {other()}));
  }

  void make() {
    const auto service = open_service(folder_);
    SqliteNotificationStore store{*service};
    EXPECT_TRUE(insert(store, {sample(1)}));
    const std::vector ids{id_of(1)};
    const auto claimed = store.claim_sms(ids, terms());
    auto change = move(std::get<ports::Claimed>(claimed->front()).notification, State::accepted,
                       "refused:busy");
    change.attempt.emplace();
    change.attempt->no = 1;
    change.attempt->owned = true;
    change.attempt->submission.emplace().message_id = "m-1";
    change.attempt->receipt.emplace().message_id = "m-1";
    EXPECT_TRUE(store.record({&change, 1}));
    SqliteReceiptInbox inbox{*service};
    domain::Receipt early;
    early.message_id = "m-2";
    EXPECT_TRUE(inbox.keep({&early, 1}, start));
  }
  static domain::Notification other() {
    auto n = sample(2);
    n.order_id = sample(1).order_id;
    return n;
  }

  Folder folder_;
  std::unique_ptr<Database> database_;
  std::optional<SqliteNotificationStore> store_;
  std::optional<SqliteNotificationQuery> query_;
};

TEST_P(UnreadableRow, HasNoRepeatThatIsAnsweredAsAccepted) {
  const std::vector batch{sample(1), sample(3)};
  const auto outcomes = store_->insert(batch, {});
  ASSERT_TRUE(outcomes);
  if (const auto* again = std::get_if<ports::Duplicate>(&outcomes->front())) {
    EXPECT_EQ(again->state, State::accepted);
    EXPECT_TRUE(is_kept(*store_, 1)) << "only its attempt is spoilt, or its history";
  }
  EXPECT_TRUE(std::holds_alternative<ports::Inserted>(outcomes->back()));
}

TEST_P(UnreadableRow, EndsNothingOnAnyOtherPath) {
  const std::vector ids{id_of(1), id_of(2)};
  EXPECT_TRUE(store_->load(ids)->back());
  const std::vector<ports::NotificationStore::MessageKey> keys{{"", "m-1"}, {"", "m-2"}};
  EXPECT_TRUE(store_->match(keys));
  EXPECT_TRUE(SqliteReceiptInbox{*database_}.find(keys));
  EXPECT_TRUE(SqliteReceiptInbox{*database_}.matched(10));
  const auto good = other();
  EXPECT_TRUE(query_->chains({&good, 1}, start));
  EXPECT_TRUE(query_->due(State::accepted, start, 10));
  EXPECT_TRUE(query_->next_due());
  EXPECT_TRUE(query_->counts());
  EXPECT_TRUE(query_->list({}, 10, ""));
  (void)query_->details(id_of(1));
  EXPECT_TRUE(query_->details(id_of(2)));
  EXPECT_TRUE(SqliteCostBook{*database_}.costs(0, 99'999'999));
  const auto claimed = store_->claim_sms(ids, terms());
  ASSERT_TRUE(claimed);
  EXPECT_FALSE(std::holds_alternative<ports::ClaimFailed>(claimed->back()));
  EXPECT_TRUE(store_->claim_email(ids, terms()));
  EXPECT_TRUE(store_->expire(start + std::chrono::hours{1}, 10));
}

#define POSTRIDER_NOTIFICATION(change) "UPDATE notifications SET " change " WHERE seq = 1"
#define POSTRIDER_CONTENT(change) "UPDATE contents SET " change " WHERE seq = 1"

INSTANTIATE_TEST_SUITE_P(
    Of, UnreadableRow,
    testing::Values(POSTRIDER_NOTIFICATION("state = 99"), POSTRIDER_NOTIFICATION("state = -1"),
                    POSTRIDER_NOTIFICATION("state = 'zzz'"),
                    POSTRIDER_NOTIFICATION("state = 99, due_at = NULL"),
                    POSTRIDER_NOTIFICATION("priority = 99"), POSTRIDER_NOTIFICATION("priority = 3"),
                    POSTRIDER_NOTIFICATION("proof = 77"), POSTRIDER_NOTIFICATION("due_at = 'abc'"),
                    POSTRIDER_NOTIFICATION("version = 'x'"),
                    POSTRIDER_NOTIFICATION("history = x'ff00ff'"),
                    POSTRIDER_NOTIFICATION("id = x'00'"),
                    POSTRIDER_NOTIFICATION("segments = 'abc'"), POSTRIDER_CONTENT("mode = 99"),
                    POSTRIDER_CONTENT("encoding = 99"), POSTRIDER_CONTENT("sms_type = 99"),
                    POSTRIDER_CONTENT("fingerprint = x''"), POSTRIDER_CONTENT("phone = x'ff'"),
                    POSTRIDER_CONTENT("estimate = 'abc'"), "DELETE FROM contents",
                    "UPDATE attempts SET channel = 99", "UPDATE attempts SET outcome = 99",
                    "UPDATE attempts SET encoding = -1", "UPDATE attempts SET receipt_outcome = 99",
                    "UPDATE attempts SET receipt_proof = 99", "UPDATE receipts SET outcome = 99",
                    "UPDATE receipts SET proof = 'x'",
                    "UPDATE counts SET state = 99 WHERE state = 0"));

}  // namespace
}  // namespace postrider::adapters::sqlite
