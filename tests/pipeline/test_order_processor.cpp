#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

TEST(OrderProcessor, ARepeatGivesTheFirstIdAndIsMarked) {
  Shop shop;
  shop.customer();
  const auto first = std::get<Acceptance>(shop.accept(event("o1")));
  const auto again = std::get<Acceptance>(shop.accept(event("o1")));
  EXPECT_FALSE(first.duplicate);
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(first.id, again.id);
  EXPECT_EQ(shop.world.rows.size(), 1U);
}

TEST(OrderProcessor, ARepeatFindsTheOneFromBeforeSpellingsWereOne) {
  Shop shop;
  shop.customer();
  const auto first = std::get<Acceptance>(shop.accept(event("o1", "canceled")));
  shop.queue.clear();
  const auto again = std::get<Acceptance>(shop.accept(event("o1", "cancelled")));
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(shop.world.rows.size(), 1U);
  ASSERT_EQ(shop.queue.offered().size(), 1U);
  EXPECT_EQ(shop.queue.offered().front().id, first.id);
}

TEST(OrderProcessor, TheSameKeyWithOtherContentIsAConflictAndChangesNothing) {
  Shop shop;
  shop.customer();
  auto one = event("o1");
  one.dedupe_key = "parcel";
  const auto id = shop.accepted(one);
  auto other = event("o1", "shipped");
  other.dedupe_key = "parcel";
  EXPECT_EQ(std::get<message::FieldError>(shop.accept(other)).code, "conflict");
  EXPECT_EQ(shop.details(id).notification.status, "confirmed");
}

TEST(OrderProcessor, TestAndLiveDoNotShareIds) {
  Shop shop;
  shop.customer();
  EXPECT_NE(shop.accepted(event("o1")), shop.accepted(event("o1"), domain::Mode::test));
}

TEST(OrderProcessor, TheContactOfTheEventWins) {
  Shop shop;
  shop.customer();
  auto e = event("o1");
  e.contact.emplace();
  e.contact->phone = "0151 23456789";
  const auto n = shop.details(shop.accepted(e)).notification;
  EXPECT_EQ(n.content.phone, "+4915123456789");
  EXPECT_EQ(n.content.email, "c1@example.com");
}

TEST(OrderProcessor, WithoutAPhoneItGoesByEmailAndWithoutEitherItIsNoContact) {
  Shop shop;
  shop.customer("mail", "", "m@example.com");
  const auto by_mail = shop.details(shop.accepted(event("o1", "confirmed", "mail"))).notification;
  EXPECT_EQ(by_mail.state, State::email_due);
  EXPECT_EQ(by_mail.reason, "phone_missing");
  const auto none = shop.details(shop.accepted(event("o2", "confirmed", "nobody"))).notification;
  EXPECT_EQ(none.state, State::no_contact);
  EXPECT_FALSE(none.due_at);
}

TEST(OrderProcessor, OverTheLimitIsDeferredUntilTheWindowLetsItPassAndUrgentOnesPass) {
  domain::Policy policy;
  policy.throttle_per_hour = 2;
  Shop shop{policy};
  shop.customer();
  EXPECT_EQ(shop.state(shop.accepted(event("o1"))), State::accepted);
  EXPECT_EQ(shop.state(shop.accepted(event("o2"))), State::accepted);
  const auto third = shop.accepted(event("o3"));
  EXPECT_EQ(shop.state(third), State::deferred);
  EXPECT_EQ(shop.state(shop.accepted(event("o3", "cancelled"))), State::accepted);
  EXPECT_GE(*shop.details(third).notification.due_at, shop.clock.now() + 59min);
}

TEST(OrderProcessor, EmailsOverTheLimitWaitAndGoLater) {
  domain::Policy policy;
  policy.throttle_per_hour = 1;
  Shop shop{policy};
  shop.customer("mail", "", "m@example.com");
  shop.accepted(event("o1", "confirmed", "mail"));
  const auto second = shop.accepted(event("o2", "confirmed", "mail"));
  const auto older = shop.accepted(event("o3", "confirmed", "mail"));
  shop.accepted(event("o3", "cancelled", "mail"));
  EXPECT_EQ(shop.state(second), State::deferred);
  EXPECT_EQ(shop.state(older), State::deferred);
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.mailer.sent().size(), 2U) << "the first one and the urgent one";
  shop.clock.advance(std::chrono::hours{3});
  ASSERT_TRUE(shop.sweeper.sweep());
  EXPECT_EQ(shop.state(older), State::superseded);
  ASSERT_TRUE(shop.fallback.send_due());
  EXPECT_EQ(shop.state(second), State::emailed);
  EXPECT_EQ(shop.details(second).notification.reason, "phone_missing");
}

TEST(OrderProcessor, TestModeReservesNoMoney) {
  Shop shop;
  shop.customer();
  EXPECT_EQ(shop.details(shop.accepted(event("o1"), domain::Mode::test)).notification.estimate,
            domain::Money{});
}

TEST(OrderProcessor, WhenTheStoreFailsNothingIsAccepted) {
  Shop shop;
  shop.customer();
  shop.world.write_failure = domain::Error{domain::ErrorKind::storage_full, "full"};
  const Incoming incoming{{"default", domain::Mode::live}, event("o1")};
  const auto outcomes = shop.orders.accept({&incoming, 1});
  ASSERT_FALSE(outcomes);
  EXPECT_EQ(outcomes.error().kind, domain::ErrorKind::storage_full);
  EXPECT_TRUE(shop.queue.offered().empty());
}

}  // namespace
}  // namespace postrider::pipeline::testing
