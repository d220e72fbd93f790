#include "message/text/nearest_name.hpp"

#include <gtest/gtest.h>

#include <array>

namespace postrider::message {
namespace {

constexpr std::array<std::string_view, 3> names{"order_id", "customer_id", "status"};

std::size_t distance(std::string_view a, std::string_view b) {
  return nearest_name(a, {&b, 1})->distance;
}

TEST(NearestName, CountsChangedInsertedAndLeftOutLetters) {
  EXPECT_EQ(distance("status", "status"), 0U);
  EXPECT_EQ(distance("stetus", "status"), 1U);
  EXPECT_EQ(distance("staatus", "status"), 1U);
  EXPECT_EQ(distance("stats", "status"), 1U);
  EXPECT_EQ(distance("kitten", "sitting"), 3U);
  EXPECT_EQ(distance("", "status"), 6U);
  EXPECT_EQ(distance("status", ""), 6U);
}

TEST(NearestName, IsTheOneWithTheSmallestDistance) {
  EXPECT_EQ(nearest_name("custmer_id", names)->name, "customer_id");
  EXPECT_EQ(nearest_name("oder_id", names)->name, "order_id");
}

TEST(NearestName, IsTheFirstOfThoseThatAreEquallyNear) {
  constexpr std::array<std::string_view, 3> alike{"xyz", "cat", "bat"};
  EXPECT_EQ(nearest_name("rat", alike)->name, "cat");
}

TEST(NearestName, OfNoNamesIsNone) { EXPECT_FALSE(nearest_name("status", {})); }

}  // namespace
}  // namespace postrider::message
