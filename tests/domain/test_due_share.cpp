#include "domain/limits/due_share.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace postrider::domain {
namespace {

TEST(DueShare, UrgentOnesTakeFourFifthsWhileNormalOnesWait) {
  EXPECT_EQ(share_of_due({20, 20}, 10), (DueShare{8, 2}));
  EXPECT_EQ(share_of_due({500, 500}, 100), (DueShare{80, 20}));
}

TEST(DueShare, APlaceThatOneKindLeavesGoesToTheOther) {
  EXPECT_EQ(share_of_due({20, 1}, 10), (DueShare{9, 1}));
  EXPECT_EQ(share_of_due({20, 0}, 10), (DueShare{10, 0}));
  EXPECT_EQ(share_of_due({3, 20}, 10), (DueShare{3, 7}));
  EXPECT_EQ(share_of_due({0, 20}, 10), (DueShare{0, 10}));
}

TEST(DueShare, TheOnlyPlaceIsForAnUrgentOne) {
  EXPECT_EQ(share_of_due({1, 1}, 1), (DueShare{1, 0}));
  EXPECT_EQ(share_of_due({0, 1}, 1), (DueShare{0, 1}));
  EXPECT_EQ(share_of_due({1, 1}, 0), (DueShare{0, 0}));
}

RC_GTEST_PROP(DueShare, FillsTheBatchAndTakesNoMoreThanWait, ()) {
  const DueShare waiting{*rc::gen::inRange<std::size_t>(0, 600),
                         *rc::gen::inRange<std::size_t>(0, 600)};
  const auto limit = *rc::gen::inRange<std::size_t>(1, 501);
  const auto share = share_of_due(waiting, limit);
  RC_ASSERT(share.high <= waiting.high);
  RC_ASSERT(share.normal <= waiting.normal);
  RC_ASSERT(share.high + share.normal == std::min(limit, waiting.high + waiting.normal));
  if (waiting.normal > 0 && limit > 1) RC_ASSERT(share.normal > 0U);
}

}  // namespace
}  // namespace postrider::domain
