#include "message/text/tracking_link.hpp"

#include <gtest/gtest.h>

namespace postrider::message {
namespace {

TEST(TrackingLink, PlacesAreFilledAndEncoded) {
  EXPECT_EQ(tracking_link("https://shop.example/t/{order_id}?s={status}", "A-1_b.c~d", "shipped"),
            "https://shop.example/t/A-1_b.c~d?s=shipped");
  EXPECT_EQ(tracking_link("https://s.example/{order_id}", "#1/ü &x", "x"),
            "https://s.example/%231%2F%C3%BC%20%26x");
}

TEST(TrackingLink, AValueThatLooksLikeAPlaceStaysAValue) {
  EXPECT_EQ(tracking_link("/{order_id}/{status}", "{status}", "{order_id}"),
            "/%7Bstatus%7D/%7Border_id%7D");
}

TEST(TrackingLink, OtherBracesAndAnEmptyPatternStayAsTheyAre) {
  EXPECT_EQ(tracking_link("", "A", "b"), "");
  EXPECT_EQ(tracking_link("https://s.example/{other}/{order_id", "A", "b"),
            "https://s.example/{other}/{order_id");
}

}  // namespace
}  // namespace postrider::message
