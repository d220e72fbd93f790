// Priorities and spellings of statuses.
#include "domain/intake/status.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace postrider::domain {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Spellings, HaveOneUsualForm) {
  EXPECT_EQ(usual_spelling("canceled"), "cancelled");
  EXPECT_EQ(usual_spelling("cancelled"), "cancelled");
  EXPECT_EQ(usual_spelling("despatched"), "dispatched");
  EXPECT_EQ(usual_spelling("payment_authorised"), "payment_authorized");
  EXPECT_EQ(priority_of(usual_spelling("canceled")), Priority::high);
}

TEST(Spellings, AreThoseOfWords) {
  EXPECT_EQ(usual_spelling("order.canceled"), "order.cancelled");
  EXPECT_EQ(usual_spelling("canceled-by_shop"), "cancelled-by_shop");
  EXPECT_EQ(usual_spelling("_canceled_"), "_cancelled_");
  for (const auto* same : {"", ".", "shipped", "uncanceled", "canceledx", "on-hold", "a..b"})
    EXPECT_EQ(usual_spelling(same), same);
}

TEST(Spellings, OtherOnesLeadBackToTheUsualOne) {
  EXPECT_THAT(other_spellings("cancelled"), ElementsAre("canceled"));
  EXPECT_THAT(other_spellings("order.cancelled"), ElementsAre("order.canceled"));
  EXPECT_THAT(other_spellings("shipped"), IsEmpty());
  for (const auto* usual : {"cancelled", "dispatch.cancellation", "label_labelled"})
    for (const auto& other : other_spellings(usual)) EXPECT_EQ(usual_spelling(other), usual);
}

}  // namespace
}  // namespace postrider::domain
