#include "adapters/sqlite/verify.hpp"

#include <fstream>

#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/support.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::State;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// A database in which notification 1 is sent, 2 is claimed, 3 goes by e-mail and 4 is accepted.
class Verify : public testing::Test {
 protected:
  Verify() {
    const auto service = open_service(folder_);
    SqliteNotificationStore store{*service};
    auto by_mail = sample(3);
    by_mail.state = State::email_due;
    by_mail.reason = "phone_missing";
    insert(store, {sample(1), sample(2), by_mail, sample(4)});
    const std::vector ids{id_of(1), id_of(2)};
    const auto claimed = store.claim_sms(ids, terms());
    auto sent = move(std::get<ports::Claimed>((*claimed)[0]).notification, State::sms_sent,
                     "carrier_accepted");
    sent.sms_submitted = true;
    domain::Submission submission;
    submission.outcome = domain::Submitted::accepted;
    submission.message_id = "m1";
    sent.attempt = {.no = 1, .submission = submission, .receipt = {}, .late = false, .owned = true};
    EXPECT_TRUE(store.record({&sent, 1}));
  }

  std::vector<std::string> after(const std::string& damage) {
    if (!damage.empty()) run_sql(folder_, damage);
    const auto reader = Database::open_reader(folder_.path());
    EXPECT_TRUE(reader);
    if (!reader) return {};
    const auto findings = verify(**reader);
    EXPECT_TRUE(findings);
    return findings ? *findings : std::vector<std::string>{};
  }

  /// Expects the finding `code` about notification `number`.
  void expect(const std::string& damage, const std::string& code, int number) {
    EXPECT_THAT(after(damage),
                Contains(AllOf(HasSubstr(code), HasSubstr(domain::to_string(id_of(number))))));
  }

  static std::string row(int number) { return " WHERE seq = " + std::to_string(number); }

  Folder folder_;
};

TEST_F(Verify, FindsAnAttemptThatItsReceiptWouldNotFind) {
  expect("UPDATE attempts SET message_hash = 1", "attempt_hidden", 1);
}

TEST_F(Verify, ASoundDatabaseHasNoFindings) { EXPECT_THAT(after(""), IsEmpty()); }

TEST_F(Verify, FindsAnAttemptOfNobody) {
  EXPECT_THAT(after("UPDATE attempts SET key = 99 * 4096 + 1"),
              Contains(HasSubstr("attempt_orphaned")));
}

TEST_F(Verify, FindsLostTexts) { expect("DELETE FROM contents" + row(4), "no_content", 4); }

TEST_F(Verify, FindsTextsOfNobody) {
  EXPECT_THAT(after("DELETE FROM notifications" + row(4)), Contains(HasSubstr("content_orphaned")));
}

TEST_F(Verify, FindsAStateThatDoesNotExist) {
  expect("UPDATE notifications SET state = 77" + row(4), "state_invalid", 4);
}

TEST_F(Verify, FindsANotificationThatNoWorkerWillLookAtAgain) {
  expect("UPDATE notifications SET due_at = NULL" + row(1), "due_missing", 1);
}

TEST_F(Verify, FindsAnEndThatIsStillDue) {
  expect("UPDATE notifications SET state = 7" + row(1), "due_at_end", 1);
}

TEST_F(Verify, FindsAFallbackWithoutAReason) {
  expect("UPDATE notifications SET reason = ''" + row(3), "reason_missing", 3);
}

TEST_F(Verify, FindsMoneyThatDoesNotAddUp) {
  EXPECT_THAT(after("UPDATE budget SET reserved = reserved + 1"),
              Contains(HasSubstr("budget_unbalanced: day 202611")));
}

TEST_F(Verify, FindsSpendingThatDoesNotAddUp) {
  EXPECT_THAT(after("UPDATE notifications SET spent = spent + 1" + row(1)),
              Contains(HasSubstr("spending_unbalanced: day 202611")));
  EXPECT_THAT(after("INSERT INTO costs VALUES(20261101, 'DE', 's', 'c', 1, 1, 0, 5)"),
              Contains(HasSubstr("spending_unbalanced: day 20261101")));
}

TEST_F(Verify, FindsAReservationWithoutADay) {
  expect("UPDATE notifications SET budget_day = 0" + row(2), "money_without_day", 2);
}

TEST_F(Verify, FindsTwoSubmissions) {
  expect(
      "INSERT INTO attempts(key, channel, outcome, carrier, error, at, encoding, segments, price)"
      " VALUES(4098, 0, 2, 'c', '', 0, 0, 1, 0)",
      "sms_twice", 1);
}

TEST_F(Verify, FindsASubmissionThatAReplayWouldRepeat) {
  expect("UPDATE notifications SET sms_submitted = 0" + row(1), "submitted_unmarked", 1);
}

TEST_F(Verify, FindsAnAttemptThatWasNeverCounted) {
  expect("UPDATE attempts SET key = 4096 + 9", "attempt_number", 1);
}

TEST_F(Verify, FindsAHistoryThatDoesNotLeadToTheState) {
  expect("UPDATE notifications SET state = 3" + row(1), "history_end", 1);
}

TEST_F(Verify, FindsAHistoryThatIsNoHistory) {
  expect("UPDATE notifications SET history = 'x'" + row(1), "history_unreadable", 1);
}

TEST_F(Verify, FindsAMissingMove) {
  expect(
      "UPDATE notifications SET history = '1 - 0 accepted' || char(10) || '2 2 4 sent' ||"
      " char(10)" +
          row(1),
      "history_gap", 1);
}

TEST_F(Verify, FindsAMoveThatDoesNotExist) {
  expect(
      "UPDATE notifications SET history = '1 - 0 accepted' || char(10) || '2 0 4 sent' ||"
      " char(10)" +
          row(1),
      "history_move", 1);
}

TEST_F(Verify, FindsAHistoryWithoutItsBeginning) {
  expect("UPDATE notifications SET history = '2 2 4 sent' || char(10)" + row(1), "history_start",
         1);
}

/// Two notifications of one order, 1 and 2 in the order of their ranks, that were sent at the
/// times.
std::string one_order(int first_sent, int second_sent) {
  const auto attempt = [](int seq, int at) {
    return "INSERT OR REPLACE INTO attempts(key, channel, outcome, carrier, error, at, encoding,"
           " segments, price) VALUES(" +
           std::to_string(seq) + " * 4096 + 1, 0, 0, '', '', " + std::to_string(at) + ", 0, 1, 0);";
  };
  return "UPDATE contents SET order_id = 'same', intake = 100 + seq;" + attempt(1, first_sent) +
         attempt(2, second_sent);
}

TEST_F(Verify, FindsAnOrderThatWasToldBackwards) {
  expect(one_order(2000, 1000), "order_backwards", 1);
}

TEST_F(Verify, FindsOneThatWasRefusedAfterANewerWasTold) {
  expect(one_order(2000, 1000) + "UPDATE attempts SET outcome = 1 WHERE key = 4097",
         "order_backwards", 1);
}

TEST_F(Verify, RanksByTheTimeOfTheEvent) {
  expect(one_order(1000, 2000) +
             "UPDATE contents SET occurred_at = CASE seq WHEN 1 THEN 9000000 ELSE -1 END",
         "order_backwards", 2);
}

TEST_F(Verify, AllowsWhatWasToldForwards) {
  for (const auto& sound :
       {one_order(1000, 2000), one_order(1000, 1000),
        one_order(2000, 1000) + "UPDATE attempts SET outcome = 1 WHERE key = 2 * 4096 + 1",
        one_order(2000, 1000) + "UPDATE contents SET parcel = seq",
        one_order(2000, 1000) + "UPDATE contents SET shop = seq",
        one_order(2000, 1000) + "UPDATE contents SET mode = seq % 2",
        one_order(2000, 1000) + "UPDATE contents SET explicit_key = 1",
        one_order(2000, 1000) + "UPDATE contents SET intake = 0"})
    EXPECT_THAT(after(sound), testing::Not(Contains(HasSubstr("order_backwards")))) << sound;
}

TEST_F(Verify, FindsAWrongCount) {
  EXPECT_THAT(after("UPDATE counts SET n = n + 1 WHERE state = 0"),
              Contains(HasSubstr("count_wrong: state 0 is counted as 2, there are 1")));
}

/// What the service sets aside, verify finds: both read rows by the same function.
TEST_F(Verify, FindsEachRowThatTheServiceCannotRead) {
  for (const char* change : {"proof = 77", "priority = 99", "due_at = 'abc'", "segments = 'x'"})
    expect(std::string{"UPDATE notifications SET "} + change + row(4), "row_unreadable", 4);
}

TEST_F(Verify, FindsEachTextThatTheServiceCannotRead) {
  for (const char* change : {"mode = 99", "encoding = 99", "sms_type = 99", "fingerprint = x''"})
    expect(std::string{"UPDATE contents SET "} + change + row(4), "row_unreadable", 4);
}

TEST_F(Verify, FindsAnAttemptThatTheServiceCannotRead) {
  for (const char* change : {"encoding = 99", "receipt_outcome = 77"})
    EXPECT_THAT(after(std::string{"UPDATE attempts SET "} + change),
                Contains(HasSubstr("attempt_unreadable")));
}

TEST_F(Verify, FindsADamagedFile) {
  // The last byte of the page of an index belongs to the entry that was written first.
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(folder_.database().c_str(), &db), SQLITE_OK);
  std::streamoff page = 0;
  sqlite3_exec(
      db, "SELECT rootpage FROM sqlite_master WHERE name = 'content_created'",
      [](void* to, int, char** values, char**) {
        *static_cast<std::streamoff*>(to) = std::atoi(values[0]);
        return 0;
      },
      &page, nullptr);
  sqlite3_close(db);
  ASSERT_GT(page, 0);
  std::fstream file{folder_.database(), std::ios::in | std::ios::out | std::ios::binary};
  file.seekp(page * 4096 - 1).put('x');
  file.close();
  EXPECT_THAT(after(""), Contains(HasSubstr("file_damaged")));
}

TEST_F(Verify, NamesNobody) {
  for (const auto& finding : after("DELETE FROM attempts; UPDATE notifications SET reason = '',"
                                   " due_at = NULL, history = ''; DELETE FROM counts"))
    EXPECT_THAT(finding, AllOf(testing::Not(HasSubstr("customer")), testing::Not(HasSubstr("+1"))));
}

}  // namespace
}  // namespace postrider::adapters::sqlite
