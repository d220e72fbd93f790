#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

class Rate : public Contract {};
POSTRIDER_IN_EVERY_HOME(Rate);

TEST_P(Rate, NoSecondEverHasMoreThanTheLimit) {
  const auto allowance = home_->allowance(20);
  std::vector<std::pair<domain::TimePoint, int>> grants;
  for (int ms = 0; ms < 10'000; ms += 7) {
    const auto now = start + Milliseconds{ms};
    const auto grant = allowance->take_parts(1, 1 + ms % 5, now);
    ASSERT_TRUE(grant);
    grants.emplace_back(now, grant->parts);
  }
  int all = 0;
  for (std::size_t i = 0; i < grants.size(); ++i) {
    int in_second = 0;
    for (std::size_t k = i;
         k < grants.size() && grants[k].first < grants[i].first + Milliseconds{1000}; ++k)
      in_second += grants[k].second;
    EXPECT_LE(in_second, 20);
    all += grants[i].second;
  }
  EXPECT_GE(all, 190) << "nearly all of what is allowed can be used";
}

TEST_P(Rate, SaysWhenToAskAgain) {
  const auto allowance = home_->allowance(10);
  EXPECT_EQ(allowance->take_parts(1, 10, start)->parts, 10);
  const auto refused = allowance->take_parts(1, 1, start + Milliseconds{300});
  EXPECT_EQ(refused->parts, 0);
  EXPECT_GT(refused->wait, Milliseconds{0});
  EXPECT_EQ(allowance->take_parts(1, 1, start + Milliseconds{300} + refused->wait)->parts, 1);
}

TEST_P(Rate, GivesTheRemainingParts) {
  const auto allowance = home_->allowance(10);
  EXPECT_EQ(allowance->take_parts(1, 7, start)->parts, 7);
  EXPECT_EQ(allowance->take_parts(1, 7, start)->parts, 3);
}

TEST_P(Rate, PartsOfOneMessageAreGivenTogetherOrNotAtAll) {
  const auto allowance = home_->allowance(10);
  EXPECT_EQ(allowance->take_parts(1, 8, start)->parts, 8);
  EXPECT_EQ(allowance->take_parts(3, 5, start)->parts, 0);
  EXPECT_EQ(allowance->take_parts(2, 5, start)->parts, 2) << "the refusal took nothing";
}

TEST_P(Rate, AMessageLongerThanTheLimitWaitsForAnIdleSecondAndUsesUpThoseThatFollow) {
  const auto allowance = home_->allowance(2);
  EXPECT_EQ(allowance->take_parts(1, 1, start)->parts, 1);
  const auto refused = allowance->take_parts(5, 5, start);
  EXPECT_EQ(refused->parts, 0);
  const auto idle = start + refused->wait;
  EXPECT_EQ(allowance->take_parts(5, 5, idle)->parts, 5);
  EXPECT_EQ(allowance->take_parts(1, 1, idle + Milliseconds{2000})->parts, 0);
  EXPECT_EQ(allowance->take_parts(1, 1, idle + Milliseconds{3100})->parts, 1);
}

TEST_P(Rate, PartsNotUsedCanBeTakenAgain) {
  const auto allowance = home_->allowance(10);
  EXPECT_EQ(allowance->take_parts(1, 10, start)->parts, 10);
  ASSERT_TRUE(allowance->return_parts(4));
  EXPECT_EQ(allowance->take_parts(1, 10, start)->parts, 4);
}

TEST_P(Rate, ZeroMeansNoLimit) {
  const auto allowance = home_->allowance(0);
  EXPECT_EQ(allowance->take_parts(1, 1'000'000, start)->parts, 1'000'000);
}

TEST_P(Rate, AMonthWithoutSpendingIsZero) {
  const auto budget = home_->allowance(0)->budget(202601);
  ASSERT_TRUE(budget);
  EXPECT_EQ(budget->spent, Money{0});
  EXPECT_EQ(budget->reserved, Money{0});
}

class SharedBreaker : public Contract {
 public:
  /// One machine is one process: it shares its breaker with nobody.
  static std::vector<HomeKind> homes_of_many() {
    auto kinds = homes();
    std::erase_if(kinds, [](const HomeKind& kind) { return kind.name == std::string{"sqlite"}; });
    return kinds;
  }
};
INSTANTIATE_TEST_SUITE_P(In, SharedBreaker, testing::ValuesIn(SharedBreaker::homes_of_many()),
                         home_name);

TEST_P(SharedBreaker, IsHeldForAllUntilOneMessageGetsThrough) {
  const auto line = home_->shared_breaker();
  const auto probe_wait = std::chrono::minutes{15};
  const auto at_first = line->look(start, probe_wait);
  ASSERT_TRUE(at_first) << at_first.error().what;
  EXPECT_FALSE(at_first->held);
  ASSERT_TRUE(line->hold(start + std::chrono::minutes{5}, "no_quota"));
  const auto held = *line->look(start + std::chrono::minutes{1}, probe_wait);
  EXPECT_TRUE(held.held);
  EXPECT_EQ(held.wait, std::chrono::minutes{4});
  EXPECT_EQ(held.code, "no_quota");
  const auto over = start + std::chrono::minutes{5};
  const auto probe = *line->look(over, probe_wait);
  EXPECT_FALSE(probe.held);
  EXPECT_TRUE(probe.probe);
  const auto other = *line->look(over, probe_wait);
  EXPECT_TRUE(other.held) << "one probes, the others wait for what it finds";
  EXPECT_FALSE(other.probe);
  EXPECT_TRUE(line->look(over + probe_wait, probe_wait)->probe) << "and once more after a while";
  ASSERT_TRUE(line->release());
  EXPECT_FALSE(line->look(over, probe_wait)->held);
  EXPECT_FALSE(line->look(over, probe_wait)->probe);
}

class Audit : public Contract {};
POSTRIDER_IN_EVERY_HOME(Audit);

TEST_P(Audit, NewestFirstAndNoMoreThanAsked) {
  const std::vector<ports::AuditEntry> entries{{start, "key-1", "dead_letter.replay", "n1"},
                                               {start, "local", "opt_out.add", "+1…00"}};
  ASSERT_TRUE(home_->audit().append(entries));
  ASSERT_TRUE(home_->audit().append(std::vector<ports::AuditEntry>{
      {start + Milliseconds{5}, "local", "dead_letter.discard", "n2"}}));
  const auto latest = home_->audit().latest(2);
  ASSERT_TRUE(latest);
  ASSERT_EQ(latest->size(), 2U);
  EXPECT_EQ((*latest)[0].action, "dead_letter.discard");
  EXPECT_EQ((*latest)[0].subject, "n2");
  EXPECT_EQ((*latest)[0].at, start + Milliseconds{5});
  EXPECT_EQ((*latest)[1].actor, "local");
  EXPECT_EQ(home_->audit().latest(10)->size(), 3U);
}

}  // namespace
}  // namespace postrider::contract
