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
