#include "adapters/aws/dynamodb/notification_item.hpp"

#include <gtest/gtest.h>

namespace postrider::adapters::aws::dynamodb {
namespace {

Item sample() {
  domain::Notification n;
  n.shop = "shop";
  n.order_id = "o1";
  n.customer_id = "c1";
  n.status = "shipped";
  n.content.phone = "+14255550100";
  n.content.sms_text = "Your order is on its way.";
  n.content.segments = 1;
  n.estimate = domain::Money{10'000};
  n.created_at = n.not_after = domain::from_unix_ms(1'795'000'000'000);
  auto item = item_of(n);
  item.update(due_attributes(n.id, n.state, n.priority, n.created_at, 1, domain::Milliseconds{0}));
  put(item, "attempts", 2);
  put_flag(item, "sms_submitted", true);
  return item;
}

TEST(NotificationItem, IsReadWhereEachAttributeHasItsShape) {
  EXPECT_EQ(unreadable_attribute(sample()), "");
  EXPECT_TRUE(notification_of(sample()));
}

TEST(NotificationItem, AnAttributeOfAnotherShapeIsNamed) {
  for (const auto* name : {"notification_id", "shop", "order_id", "customer_id", "status", "phone",
                           "sms_text", "segments", "estimate", "created_at", "not_after", "place",
                           "state", "version", "due_at", "attempts", "sms_submitted"}) {
    for (const auto& shape : {Json{{"NULL", true}}, Json{{"M", Json::object()}},
                              Json{{"L", Json::array()}}, Json{{"N", "1.5"}}}) {
      auto item = sample();
      ASSERT_TRUE(item.contains(name)) << name;
      item[name] = shape;
      EXPECT_EQ(unreadable_attribute(item), name) << shape;
      EXPECT_FALSE(notification_of(item));
    }
  }
}

TEST(NotificationItem, AWordOfANewerVersionIsNamed) {
  for (const auto* name : {"state", "mode"}) {
    auto item = sample();
    item[name] = text("newer");
    EXPECT_EQ(unreadable_attribute(item), name);
  }
}

}  // namespace
}  // namespace postrider::adapters::aws::dynamodb
