#include <gtest/gtest.h>

#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

using namespace std::chrono_literals;

class LineHold : public Contract {
 public:
  /// One machine is one process, which keeps its hold in memory.
  static std::vector<HomeKind> homes_of_many() {
    auto kinds = homes();
    std::erase_if(kinds, [](const HomeKind& kind) { return kind.name == std::string{"sqlite"}; });
    return kinds;
  }
  static constexpr domain::Milliseconds quarter = 15min;
  std::unique_ptr<ports::LineHold> line;

  void SetUp() override {
    Contract::SetUp();
    line = home_->line_hold();
  }
};
INSTANTIATE_TEST_SUITE_P(In, LineHold, testing::ValuesIn(LineHold::homes_of_many()), home_name);

TEST_P(LineHold, LetsOneProbeAfterEachWait) {
  const auto at_first = line->look(start);
  ASSERT_TRUE(at_first) << at_first.error().what;
  EXPECT_FALSE(at_first->held || at_first->probe);
  ASSERT_TRUE(line->hold(start, {"no_quota", quarter}));
  const auto held = *line->look(start + 1min);
  EXPECT_TRUE(held.held);
  EXPECT_EQ(held.until, start + quarter);
  EXPECT_EQ(held.cause.code, "no_quota");
  const auto over = start + quarter;
  const auto probe = *line->look(over);
  EXPECT_FALSE(probe.held);
  EXPECT_TRUE(probe.probe);
  const auto other = *line->look(over);
  EXPECT_TRUE(other.held) << "one probes, the others wait for what it finds";
  EXPECT_FALSE(other.probe);
  EXPECT_TRUE(line->look(over + quarter)->probe) << "and once more after a while";
  ASSERT_TRUE(line->release());
  EXPECT_FALSE(line->look(over)->held);
  EXPECT_FALSE(line->look(over)->probe);
}

TEST_P(LineHold, GrantsAProbeAgainThatWasNotSent) {
  ASSERT_TRUE(line->hold(start, {"no_quota", quarter}));
  const auto probe = *line->look(start + quarter);
  ASSERT_TRUE(probe.probe);
  ASSERT_TRUE(line->give_back(start + quarter + 1s, probe.until));
  EXPECT_TRUE(line->look(start + quarter + 2s)->probe);
  ASSERT_TRUE(line->give_back(start + quarter + 3s, probe.until)) << "by one who is late";
  EXPECT_TRUE(line->look(start + quarter + 4s)->held) << "the other probe is under way";
}

TEST_P(LineHold, KnowsTheProbeWhoseReceiptDecides) {
  ASSERT_TRUE(line->hold(start, {"no_quota", quarter, true}));
  ASSERT_TRUE(line->look(start + quarter)->probe);
  ASSERT_TRUE(line->await_receipt(id_of(7)));
  auto seen = *line->look(start + quarter + 1min);
  EXPECT_TRUE(seen.held && seen.cause.by_receipt);
  EXPECT_EQ(seen.awaited, id_of(7));
  ASSERT_TRUE(line->hold(start + quarter + 2min, {"no_quota", quarter}));
  seen = *line->look(start + quarter + 3min);
  EXPECT_TRUE(seen.cause.by_receipt) << "an answer proves nothing here";
  EXPECT_EQ(seen.awaited, std::nullopt) << "that probe has failed";
  EXPECT_EQ(seen.until, start + 2 * quarter + 2min);
}

TEST_P(LineHold, IsNeverShortenedByAShorterOne) {
  ASSERT_TRUE(line->hold(start, {"no_quota", quarter}));
  ASSERT_TRUE(line->hold(start + 1s, {"http_503", 500ms}));
  const auto seen = *line->look(start + 1min);
  EXPECT_TRUE(seen.held);
  EXPECT_EQ(seen.cause.code, "no_quota");
}

TEST_P(LineHold, NothingIsKeptForALineThatIsOpen) {
  ASSERT_TRUE(line->await_receipt(id_of(7)));
  ASSERT_TRUE(line->give_back(start, start));
  EXPECT_FALSE(line->look(start)->held);
  EXPECT_FALSE(line->look(start)->probe);
}

}  // namespace
}  // namespace postrider::contract
