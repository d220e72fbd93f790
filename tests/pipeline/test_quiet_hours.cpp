// Quiet hours over the whole pipeline: waiting, urgent orders, deadlines, retries.
#include "pipeline/shop.hpp"

namespace postrider::pipeline::testing {
namespace {

class QuietHoursTest : public ::testing::Test {
 protected:
  static SmsRules rules(const message::QuietHours& hours) {
    auto rules = Shop::german();
    rules.quiet_hours = &hours;
    return rules;
  }
  static domain::TimePoint at(int day, int hour, int minute = 0) {
    using namespace std::chrono;
    return sys_days{2026y / November / day} + std::chrono::hours{hour} +
           std::chrono::minutes{minute};
  }
  /// Sweeps and sends as the service does.
  void work() {
    ASSERT_TRUE(shop.sweeper.sweep());
    ASSERT_TRUE(shop.sender.send_due());
  }

  message::QuietHours hours{*message::parse_quiet_span("21:00-08:00")};
  Shop shop{{}, 0, rules(hours)};
};

TEST_F(QuietHoursTest, AnOrderOfTheNightGoesInTheMorning) {
  shop.clock.set(at(25, 22));  // 23:00 in Berlin
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  EXPECT_EQ(shop.state(id), State::deferred);
  EXPECT_EQ(shop.details(id).notification.due_at, at(26, 7));
  EXPECT_EQ(shop.details(id).history.back().cause, "quiet_hours");
  shop.clock.set(at(26, 6, 59));
  work();
  EXPECT_EQ(shop.state(id), State::deferred);
  shop.clock.set(at(26, 7));
  work();
  EXPECT_EQ(shop.state(id), State::sms_sent);
}

TEST_F(QuietHoursTest, UrgentOrdersGoAtOnce) {
  shop.clock.set(at(25, 22));
  shop.customer();
  const auto id = shop.accepted(event("o1", "cancelled"));
  work();
  EXPECT_EQ(shop.state(id), State::sms_sent);
}

TEST_F(QuietHoursTest, TheCustomersOwnZoneCounts) {
  shop.clock.set(at(25, 22));
  auto e = event("o1");
  e.contact.emplace();
  e.contact->phone = "+4915112345678";
  e.contact->time_zone = "America/New_York";
  const auto id = shop.accepted(e);
  work();
  EXPECT_EQ(shop.state(id), State::sms_sent) << "five in the afternoon there";
}

TEST_F(QuietHoursTest, AMessageThatWaitsForTheCarrierDoesNotGoInTheNight) {
  shop.clock.set(at(25, 19, 59));
  shop.customer();
  const auto id = shop.accepted(event("o1"));
  EXPECT_EQ(shop.state(id), State::accepted);
  shop.carrier.answer_next(ports::SmsFailed{domain::Fault::throttled, "throttled"});
  work();
  EXPECT_EQ(shop.state(id), State::accepted);
  shop.clock.set(at(25, 20, 5));
  work();
  EXPECT_EQ(shop.state(id), State::deferred);
  EXPECT_EQ(shop.details(id).notification.due_at, at(26, 7));
  EXPECT_EQ(shop.budget().reserved, domain::Money{0});
  shop.clock.set(at(26, 7));
  work();
  EXPECT_EQ(shop.state(id), State::sms_sent);
}

TEST_F(QuietHoursTest, PastTheDeadlineItGoesByEmail) {
  domain::Policy hasty;
  hasty.sms_not_after = 2h;
  Shop late{hasty, 0, rules(hours)};
  late.clock.set(at(25, 22));
  late.customer();
  const auto id = late.accepted(event("o1"));
  EXPECT_EQ(late.state(id), State::deferred);
  late.clock.set(at(26, 0));
  ASSERT_TRUE(late.sweeper.sweep());
  EXPECT_EQ(late.state(id), State::deferred);
  late.clock.set(at(26, 0, 1));
  ASSERT_TRUE(late.sweeper.sweep());
  EXPECT_EQ(late.state(id), State::email_due);
  EXPECT_EQ(late.details(id).notification.reason, "too_late");
}

TEST_F(QuietHoursTest, ANewerStatusOfTheNightReplacesTheOlder) {
  shop.clock.set(at(25, 22));
  shop.customer();
  const auto older = shop.accepted(event("o1", "confirmed"));
  shop.clock.advance(1min);
  const auto newer = shop.accepted(event("o1", "shipped"));
  shop.clock.set(at(26, 7));
  work();
  EXPECT_EQ(shop.state(older), State::deferred);
  shop.clock.advance(2min);
  work();
  EXPECT_EQ(shop.state(older), State::superseded);
  EXPECT_EQ(shop.state(newer), State::sms_sent);
}

TEST_F(QuietHoursTest, TheMorningKeepsToTheLimitOfACustomer) {
  domain::Policy policy;
  policy.throttle_per_hour = 2;
  Shop busy{policy, 0, rules(hours)};
  busy.clock.set(at(25, 22));
  busy.customer();
  std::vector<std::optional<domain::TimePoint>> due;
  for (int i = 0; i < 5; ++i) {
    const auto id = busy.accepted(event("o" + std::to_string(i)));
    EXPECT_EQ(busy.state(id), State::deferred);
    due.push_back(busy.details(id).notification.due_at);
  }
  EXPECT_THAT(due, ::testing::ElementsAre(at(26, 7), at(26, 7), at(26, 8), at(26, 8), at(26, 9)));
}

TEST(SmsType, IsPromotionalWhereTheShopSaysSo) {
  auto rules = Shop::german();
  rules.promotional = {"review"};
  Shop shop{{}, 0, rules};
  shop.customer();
  shop.accepted(event("o1", "review"));
  shop.accepted(event("o2", "shipped"));
  ASSERT_TRUE(shop.sender.send_due());
  std::map<std::string, domain::SmsType> types;
  for (const auto& sms : shop.carrier.submitted())
    types[shop.details(sms.reference).notification.status] = sms.type;
  EXPECT_EQ(types.at("review"), domain::SmsType::promotional);
  EXPECT_EQ(types.at("shipped"), domain::SmsType::transactional);
}

TEST(SmsType, IsPromotionalForAllWhereThatIsTheRule) {
  auto rules = Shop::german();
  rules.all_promotional = true;
  Shop shop{{}, 0, rules};
  shop.customer();
  shop.accepted(event("o1", "shipped"));
  ASSERT_TRUE(shop.sender.send_due());
  EXPECT_EQ(shop.carrier.submitted().front().type, domain::SmsType::promotional);
}

TEST(VelocityLimit, SendsTheRestByEmailAndRaisesAnAlarm) {
  Shop shop;
  auto settings = Shop::sender_settings();
  settings.velocity.per_number = 2;
  DeliveryPipeline careful{shop.storage(),
                           shop.channels(),
                           {shop.queue, shop.clock, shop.telemetry, shop.line_hold},
                           {.policy = shop.policy, .sms = settings}};
  for (const char* id : {"c1", "c2", "c3"}) shop.customer(id);  // of one number
  std::vector<domain::NotificationId> ids;
  for (const char* id : {"c1", "c2", "c3"})
    ids.push_back(shop.accepted(event(std::string{"o"} + id, "confirmed", id)));
  ASSERT_TRUE(careful.due_sms.send_due());
  EXPECT_EQ(shop.state(ids[0]), State::sms_sent);
  EXPECT_EQ(shop.state(ids[1]), State::sms_sent);
  EXPECT_EQ(shop.state(ids[2]), State::email_due);
  EXPECT_EQ(shop.details(ids[2]).notification.reason, "too_many_to_number");
  EXPECT_EQ(shop.telemetry.counted(ports::Counter::sms_over_velocity), 1);
  EXPECT_EQ(shop.telemetry.lines_of("velocity_limit_reached").size(), 1U);
}

}  // namespace
}  // namespace postrider::pipeline::testing
