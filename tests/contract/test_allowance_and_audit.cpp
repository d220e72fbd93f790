#include "contract/home.hpp"
#include "contract/samples.hpp"

namespace postrider::contract {
namespace {

class Budget : public Contract {};
POSTRIDER_IN_EVERY_HOME(Budget);

TEST_P(Budget, AMonthWithoutSpendingIsZero) {
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
