#include "domain/delivery/newer_status.hpp"

#include <gtest/gtest.h>

namespace postrider::domain {
namespace {

const TimePoint noon = from_unix_ms(1'795'564'800'000);
const TimePoint later = noon + Milliseconds{1};

TEST(NewerStatus, IsTheOneThatHappenedLater) {
  EXPECT_TRUE(is_newer_status({"shipped", later, 1}, {"packed", noon, 2}));
  EXPECT_FALSE(is_newer_status({"packed", noon, 2}, {"shipped", later, 1}));
}

TEST(NewerStatus, IsTheOneThatCameLaterWhereATimeIsMissingOrBothAreTheSame) {
  for (const auto& [other, own] :
       {std::pair{std::optional{noon}, std::optional{noon}},
        std::pair{std::optional<TimePoint>{}, std::optional{later}},
        std::pair{std::optional{noon}, std::optional<TimePoint>{}},
        std::pair{std::optional<TimePoint>{}, std::optional<TimePoint>{}}}) {
    EXPECT_TRUE(is_newer_status({"shipped", other, 2}, {"packed", own, 1}));
    EXPECT_FALSE(is_newer_status({"shipped", other, 1}, {"packed", own, 2}));
  }
}

TEST(NewerStatus, IsNeverTheSameStatus) {
  EXPECT_FALSE(is_newer_status({"shipped", later, 2}, {"shipped", noon, 1}));
  EXPECT_FALSE(is_newer_status({"shipped", {}, 2}, {"shipped", {}, 1}));
}

TEST(NewerStatus, IsNotTheNotificationItself) {
  EXPECT_FALSE(is_newer_status({"shipped", noon, 1}, {"shipped", noon, 1}));
}

}  // namespace
}  // namespace postrider::domain
