#include "adapters/sqlite/database/gathered_log.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/sqlite/database/connection.hpp"
#include "adapters/sqlite/faulty_vfs.hpp"
#include "adapters/sqlite/support.hpp"

namespace postrider::adapters::sqlite {
namespace {

/// The calls of write() and its kin that this process has made (proc(5), syscw).
std::int64_t writes_so_far() {
  std::ifstream io{"/proc/self/io"};
  for (std::string name; io >> name;) {
    std::int64_t count = 0;
    io >> count;
    if (name == "syscw:") return count;
  }
  return -1;
}

class GatheredLog : public testing::Test {
 protected:
  GatheredLog() : writer_{open(folder_.database())} {
    EXPECT_TRUE(writer_->execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
        "CREATE TABLE rows(key INTEGER PRIMARY KEY, bytes BLOB)"));
  }

  static std::unique_ptr<Connection> open(const std::string& file) {
    auto opened = Connection::open(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    EXPECT_TRUE(opened);
    return std::move(*opened);
  }

  static std::int64_t number(Connection& connection, const char* sql) {
    auto row = connection.query(sql);
    return row.row() ? row.integer(0) : -1;
  }

  /// Rows 1 to `rows`, two megabytes for 2,000 of them.
  static bool insert(Connection& connection, std::int64_t rows) {
    return connection.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " INSERT OR REPLACE INTO rows SELECT i, randomblob(1000) FROM n",
        rows);
  }

  std::int64_t log_pages() const {
    return static_cast<std::int64_t>(std::filesystem::file_size(folder_.database() + "-wal") /
                                     4096);
  }

  const HealthyDisk healthy_afterwards_;
  Folder folder_;
  std::unique_ptr<Connection> writer_;
};

TEST_F(GatheredLog, ACommitOfManyPagesMakesFewWrites) {
  ASSERT_NE(gathered_log_layer(), nullptr);
  const auto before = writes_so_far();
  ASSERT_GE(before, 0);
  ASSERT_TRUE(insert(*writer_, 2000));
  EXPECT_GT(log_pages(), 500);
  EXPECT_LT(writes_so_far() - before, log_pages() / 10);
}

TEST_F(GatheredLog, WhatIsCommittedIsInTheFiles) {
  ASSERT_TRUE(insert(*writer_, 2000));
  EXPECT_EQ(number(*open(folder_.database()), "SELECT count(*) FROM rows"), 2000);
  const Folder copy;  // as after the process was killed
  for (const char* part : {"", "-wal"})
    std::filesystem::copy_file(folder_.database() + part, copy.database() + part);
  EXPECT_EQ(number(*open(copy.database()), "SELECT count(*) FROM rows"), 2000);
}

TEST_F(GatheredLog, ATransactionLargerThanTheCacheReadsWhatItWrote) {
  ASSERT_TRUE(writer_->execute("PRAGMA cache_size = 10; BEGIN"));
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(insert(*writer_, 2000));
    EXPECT_EQ(number(*writer_, "SELECT count(*) FROM rows WHERE length(bytes) = 1000"), 2000);
  }
  ASSERT_TRUE(writer_->execute("COMMIT"));
  auto reader = open(folder_.database());
  EXPECT_EQ(number(*reader, "SELECT count(*) FROM rows WHERE length(bytes) = 1000"), 2000);
  auto check = reader->query("PRAGMA integrity_check");
  ASSERT_TRUE(check.row());
  EXPECT_EQ(check.text(0), "ok");
}

TEST_F(GatheredLog, WhatIsUndoneLeavesNothingForTheNextTransaction) {
  ASSERT_TRUE(insert(*writer_, 10));
  ASSERT_TRUE(writer_->execute("PRAGMA cache_size = 10; BEGIN"));
  ASSERT_TRUE(insert(*writer_, 2000));
  ASSERT_TRUE(writer_->execute("ROLLBACK"));
  ASSERT_TRUE(writer_->execute("INSERT INTO rows VALUES(11, NULL)"));
  auto reader = open(folder_.database());
  EXPECT_EQ(number(*reader, "SELECT count(*) FROM rows"), 11);
}

TEST_F(GatheredLog, AFullDiskFailsTheCommitAndNotTheNextOne) {
  ASSERT_TRUE(insert(*writer_, 10));
  faulty_disk().no_space = true;
  EXPECT_FALSE(insert(*writer_, 2000));
  EXPECT_EQ(writer_->take_failure()->kind, domain::ErrorKind::storage_full);
  EXPECT_EQ(number(*open(folder_.database()), "SELECT count(*) FROM rows"), 10);
  faulty_disk().no_space = false;
  ASSERT_TRUE(insert(*writer_, 2000));
  EXPECT_EQ(number(*open(folder_.database()), "SELECT count(*) FROM rows"), 2000);
}

TEST_F(GatheredLog, AReadThatFindsTheDiskFullUndoesTheWholeTransaction) {
  ASSERT_TRUE(insert(*writer_, 10));
  ASSERT_TRUE(writer_->execute("PRAGMA cache_size = 10; BEGIN"));
  ASSERT_TRUE(writer_->execute("UPDATE rows SET bytes = randomblob(3000)"));
  ASSERT_TRUE(insert(*writer_, 40));
  faulty_disk().no_space = true;
  EXPECT_FALSE(writer_->run("UPDATE rows SET bytes = zeroblob(2000)"));
  EXPECT_EQ(writer_->take_failure()->kind, domain::ErrorKind::storage_full);
  EXPECT_NE(sqlite3_get_autocommit(writer_->handle()), 0);
  faulty_disk().no_space = false;
  auto reader = open(folder_.database());
  EXPECT_EQ(number(*reader, "SELECT count(*) FROM rows WHERE length(bytes) = 1000"), 10);
}

TEST_F(GatheredLog, ACheckpointCopiesAllThatWasCommitted) {
  ASSERT_TRUE(insert(*writer_, 2000));
  ASSERT_TRUE(writer_->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  EXPECT_EQ(std::filesystem::file_size(folder_.database() + "-wal"), 0U);
  ASSERT_TRUE(writer_->execute("DELETE FROM rows WHERE key > 1999"));
  const Folder copy;
  std::filesystem::copy_file(folder_.database(), copy.database());
  EXPECT_EQ(number(*open(copy.database()), "SELECT count(*) FROM rows"), 2000);
}

}  // namespace
}  // namespace postrider::adapters::sqlite
