#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "adapters/sqlite/faulty_vfs.hpp"
#include "adapters/sqlite/notification_store.hpp"
#include "adapters/sqlite/receipt_inbox.hpp"
#include "adapters/sqlite/support.hpp"
#include "adapters/sqlite/verify.hpp"

namespace postrider::adapters::sqlite {
namespace {

using domain::ErrorKind;
using domain::State;

class DiskFailures : public testing::Test {
 protected:
  HealthyDisk healthy_afterwards_;
  Folder folder_;
};
using DiskFailuresDeathTest = DiskFailures;

TEST_F(DiskFailuresDeathTest, AFailedSyncEndsTheProcessBeforeAnythingIsAcknowledged) {
  const auto database = open_service(folder_);
  SqliteNotificationStore store{*database};
  insert(store, samples(0, 5));
  EXPECT_EXIT(
      {
        faulty_disk().sync_fails = true;
        insert(store, samples(5, 5));
      },
      testing::ExitedWithCode(70), "the database's disk failed while running a statement");
}

TEST_F(DiskFailuresDeathTest, AFailedSyncOfACheckpointEndsTheProcessToo) {
  const auto database = open_service(folder_);
  SqliteNotificationStore store{*database};
  EXPECT_EXIT(
      {
        faulty_disk().only_database = true;
        faulty_disk().sync_fails = true;
        for (int i = 0; i < 40; ++i) insert(store, samples(i * 1000, 1000));
      },
      testing::ExitedWithCode(70), "while copying the log into the database");
}

TEST_F(DiskFailuresDeathTest, ASyncThatFailsForWantOfSpaceIsNoFullDiskButAFailedSync) {
  for (const int reason : {ENOSPC, EDQUOT}) {
    for (const bool of_a_checkpoint : {false, true}) {
      const Folder folder;
      const auto database = open_service(folder);
      SqliteNotificationStore store{*database};
      EXPECT_EXIT(
          {
            faulty_disk().only_database = of_a_checkpoint;
            faulty_disk().sync_errno = reason;
            faulty_disk().sync_fails = true;
            for (int i = 0; i < 40; ++i) insert(store, samples(i * 1000, 1000));
          },
          testing::ExitedWithCode(70), "the database's disk failed")
          << "errno " << reason << ", checkpoint " << of_a_checkpoint;
    }
  }
}

TEST_F(DiskFailuresDeathTest, AFailedReadEndsTheProcess) {
  open_service(folder_).reset();
  EXPECT_EXIT(
      {
        faulty_disk().read_fails = true;
        static_cast<void>(Database::open_service(folder_.path()));
      },
      testing::ExitedWithCode(70), "the database's disk failed");
}

TEST_F(DiskFailures, WhenTheDiskIsFullNothingOfTheBatchIsStoredAndLaterItIs) {
  const auto database = open_service(folder_);
  SqliteNotificationStore store{*database};
  insert(store, samples(0, 5));
  faulty_disk().no_space = true;
  for (int i = 0; i < 3; ++i) {
    const auto refused = store.insert(samples(5, 50), {.limit = 10});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::storage_full);
  }
  EXPECT_FALSE(is_kept(store, 5));
  EXPECT_TRUE(is_kept(store, 4)) << "reads go on";
  faulty_disk().no_space = false;
  EXPECT_TRUE(insert(store, samples(5, 50)));
  EXPECT_TRUE(is_kept(store, 54));
  EXPECT_THAT(*verify(*database), testing::IsEmpty());
}

TEST_F(DiskFailures, AnInsertThatAFullDiskUndidDoesNotCountForTheThrottle) {
  const auto database = open_service(folder_);
  SqliteNotificationStore store{*database};
  auto batch = samples(0, 2);
  for (auto& n : batch) n.customer_id = "one";
  faulty_disk().no_space = true;
  ASSERT_FALSE(store.insert(batch, {.limit = 2}));
  faulty_disk().no_space = false;
  const auto outcomes = store.insert(batch, {.limit = 2});
  ASSERT_TRUE(outcomes);
  for (const auto& outcome : *outcomes)
    EXPECT_EQ(std::get<ports::Inserted>(outcome).state, State::accepted);
}

TEST_F(DiskFailures, AnInsertThatAFullDiskUndidIsNotMistakenForItsSuccessor) {
  const auto database = open_service(folder_);
  SqliteNotificationStore store{*database};
  faulty_disk().no_space = true;
  ASSERT_FALSE(insert(store, {sample(1)}));
  faulty_disk().no_space = false;
  ASSERT_TRUE(insert(store, {sample(2)}));
  const auto undone = id_of(1);
  const auto outcomes = store.claim_sms({&undone, 1}, terms());
  ASSERT_TRUE(outcomes);
  EXPECT_TRUE(std::holds_alternative<ports::NotClaimable>(outcomes->front()));
}

TEST_F(DiskFailures, SpaceThatComesFreeIsTheCheckpointsFirst) {
  const auto database = open_service(folder_);
  SqliteNotificationStore store{*database};
  SqliteReceiptInbox inbox{*database};
  faulty_disk().only_database = faulty_disk().no_space = true;
  int next = 0;
  while (next < 100'000 && insert(store, samples(next, 1000))) next += 1000;
  const auto refused = store.insert(samples(next, 1), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::storage_full);
  domain::Receipt receipt;
  receipt.message_id = "m";
  EXPECT_TRUE(inbox.keep({&receipt, 1}, start)) << "what is under way goes on";
  constexpr std::uintmax_t some_pages = 4 << 20;
  EXPECT_LT(std::filesystem::file_size(folder_.database()), some_pages);
  faulty_disk().no_space = false;
  std::this_thread::sleep_for(std::chrono::milliseconds{300});  // the pause between two tries
  receipt.message_id = "n";
  EXPECT_TRUE(inbox.keep({&receipt, 1}, start));
  EXPECT_GT(std::filesystem::file_size(folder_.database()), some_pages);
  EXPECT_TRUE(insert(store, samples(next, 1)));
}

class SmallDisk : public testing::Test {
 protected:
  explicit SmallDisk(const char* size = "size=8m") : size_{size} {}
  void SetUp() override {
    if (::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, size_) != 0)
      GTEST_SKIP() << "mounting a small file system is not permitted here";
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  std::string ballast() const { return folder_.path() + "/ballast"; }
  void fill_the_rest() const {
    std::ofstream file{ballast(), std::ios::app};
    const std::string block(4096, 'x');
    while (file.write(block.data(), 4096).flush()) {
    }
  }

  const char* size_;
  Folder folder_;
  bool mounted_ = false;
};

/// A disk that holds the log, but not the rows that it has yet to give to the database.
class DiskWithALongLog : public SmallDisk {
 protected:
  DiskWithALongLog() : SmallDisk{"size=40m"} {}
};

TEST_F(DiskWithALongLog, TheReserveIsForReceiptsAndNotForTheCheckpoint) {
  const auto database = open_service(folder_);
  SqliteNotificationStore store{*database};
  SqliteReceiptInbox inbox{*database};
  constexpr std::uintmax_t long_log = 12 << 20;
  int next = 0;
  while (std::filesystem::file_size(folder_.database() + "-wal") < long_log) {
    ASSERT_TRUE(insert(store, samples(next, 200)));
    next += 200;
  }
  fill_the_rest();
  EXPECT_FALSE(insert(store, samples(next, 200)));
  for (int i = 0; i < 50; ++i) {
    domain::Receipt receipt;
    receipt.message_id = std::to_string(i);
    ASSERT_TRUE(inbox.keep({&receipt, 1}, start)) << i;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});  // past the pause between two tries
  }
  std::filesystem::remove(ballast());
  EXPECT_TRUE(insert(store, samples(next, 200)));
  EXPECT_THAT(*verify(*database), testing::IsEmpty());
}

TEST_F(DiskWithALongLog, SpaceThatComesFreeIsNotTakenByTheLogOfWhatIsUnderWay) {
  const auto database = open_service(folder_);
  SqliteNotificationStore store{*database};
  SqliteReceiptInbox inbox{*database};
  const auto log_size = [&] { return std::filesystem::file_size(folder_.database() + "-wal"); };
  constexpr std::uintmax_t long_log = 12 << 20, little = 1 << 20;
  int next = 0;
  while (log_size() < long_log) {
    ASSERT_TRUE(insert(store, samples(next, 200)));
    next += 200;
  }
  fill_the_rest();
  EXPECT_FALSE(insert(store, samples(next, 200)));
  const auto before = log_size();
  std::filesystem::remove(ballast());
  for (int i = 0; i < 1000; ++i) {  // far less than the pause between two tries
    domain::Receipt receipt;
    receipt.message_id = std::to_string(i);
    ASSERT_TRUE(inbox.keep({&receipt, 1}, start)) << i;
  }
  EXPECT_LT(log_size(), before + little);
  EXPECT_TRUE(insert(store, samples(next, 200)));
}

TEST_F(SmallDisk, FullRefusesOrdersStillTakesReceiptsAndRecoversWithoutARestart) {
  const auto database = open_service(folder_);
  SqliteNotificationStore store{*database};
  SqliteReceiptInbox inbox{*database};
  ASSERT_TRUE(insert(store, samples(0, 100)));
  fill_the_rest();
  int next = 100;
  while (next < 100'000 && insert(store, samples(next, 100))) next += 100;
  const auto refused = store.insert(samples(next, 100), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::storage_full);

  std::vector<domain::NotificationId> ids;
  for (int i = 0; i < 100; ++i) ids.push_back(id_of(i));
  auto claimed = store.claim_sms(ids, terms());
  ASSERT_TRUE(claimed) << claimed.error().what;
  std::vector<domain::Change> changes;
  for (const auto& outcome : *claimed)
    changes.push_back(move(std::get<ports::Claimed>(outcome).notification, State::unknown, "x"));
  ASSERT_TRUE(store.record(changes)) << "the outcome of what is under way is not lost";
  std::vector<domain::Receipt> receipts(50);
  for (int i = 0; i < 50; ++i) receipts[static_cast<std::size_t>(i)].message_id = std::to_string(i);
  EXPECT_TRUE(inbox.keep(receipts, start));
  EXPECT_FALSE(insert(store, samples(next, 100))) << "new orders wait for space";

  std::filesystem::remove(ballast());
  EXPECT_TRUE(insert(store, samples(next, 100)));
  EXPECT_TRUE(is_kept(store, next + 99));
  EXPECT_THAT(*verify(*database), testing::IsEmpty());
}

}  // namespace
}  // namespace postrider::adapters::sqlite
