#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "adapters/simulator/ledger.hpp"

namespace postrider::adapters::simulator {
namespace {

namespace fs = std::filesystem;

class LedgerFile : public testing::Test {
 protected:
  LedgerFile() {
    std::string pattern = (fs::temp_directory_path() / "ledger-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    path_ = (folder_ / "ledger").string();
  }
  ~LedgerFile() override { fs::remove_all(folder_); }

  std::vector<std::string> lines() const {
    std::ifstream file{path_};
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  fs::path folder_;
  std::string path_;
};

LedgerEntry entry(std::uint8_t reference, int attempt, Answer verdict) {
  LedgerEntry made;
  made.at = domain::from_unix_ms(1'700'000'000'123);
  made.reference.bytes[0] = reference;
  made.attempt = attempt;
  made.to = "+4915112345678";
  made.segments = 2;
  made.verdict = verdict;
  return made;
}

TEST_F(LedgerFile, HasOneLineASubmissionWithoutTheNumber) {
  Ledger ledger;
  ASSERT_TRUE(ledger.open(path_));
  const std::vector entries{entry(1, 3, Answer::accepted), entry(2, 1, Answer::throttled)};
  ASSERT_TRUE(ledger.append(entries));
  const auto written = lines();
  ASSERT_EQ(written.size(), 2U);
  EXPECT_THAT(written[0],
              testing::MatchesRegex("1700000000123 01000000-0000-0000-0000-000000000000 3 "
                                    "[0-9a-f]* 2 accepted"));
  EXPECT_THAT(written[1], testing::EndsWith(" throttled"));
  EXPECT_THAT(written[0], testing::Not(testing::HasSubstr("4915112345678")));
}

TEST_F(LedgerFile, ReportsAMessageThatWasTakenTwice) {
  Ledger ledger;
  const std::vector fine{entry(1, 1, Answer::refused_temporary), entry(1, 2, Answer::accepted),
                         entry(2, 1, Answer::unknown)};
  ASSERT_TRUE(ledger.append(fine));
  EXPECT_EQ(ledger.summary().doubled, 0);
  const std::vector doubled{entry(2, 2, Answer::accepted)};
  ASSERT_TRUE(ledger.append(doubled));
  const auto summary = ledger.summary();
  EXPECT_EQ(summary.doubled, 1);
  EXPECT_EQ(summary.submissions, 4);
  EXPECT_EQ(summary.accepted, 2);
  EXPECT_EQ(summary.unknown, 1);
  EXPECT_EQ(summary.refused, 1);
  EXPECT_EQ(summary.references, 2);
}

TEST_F(LedgerFile, GoesOnWhereAKilledSimulatorStopped) {
  {
    Ledger ledger;
    ASSERT_TRUE(ledger.open(path_));
    const std::vector entries{entry(1, 1, Answer::accepted)};
    ASSERT_TRUE(ledger.append(entries));
  }
  std::ofstream{path_, std::ios::app} << "17000000 01000000-00";
  Ledger again;
  ASSERT_TRUE(again.open(path_));
  EXPECT_EQ(again.summary().accepted, 1);
  const std::vector entries{entry(1, 2, Answer::accepted)};
  ASSERT_TRUE(again.append(entries));
  EXPECT_EQ(again.summary().doubled, 1);
  Ledger third;
  ASSERT_TRUE(third.open(path_));
  EXPECT_EQ(third.summary().accepted, 2) << "the half line must not swallow the next one";
}

TEST_F(LedgerFile, SaysWhyItCannotBeOpened) {
  Ledger ledger;
  const auto opened = ledger.open((folder_ / "no" / "ledger").string());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, domain::ErrorKind::unavailable);
}

}  // namespace
}  // namespace postrider::adapters::simulator
